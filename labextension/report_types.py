"""Write src/report.ts, the Report's TypeScript types, from the schema.

    "Span": {"properties": {"id": {"type": "integer"}, ...}}   ->   export interface Span { ... }

Handles what schema.json uses and refuses the rest. Run after each change of the schema; a test
compares the file with what this prints.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent / "compiler" / "pellucid" / "inspection" / "schema.json"
TARGET = HERE / "src" / "report.ts"
SIMPLE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def type_text(node: dict[str, Any]) -> str:  # a JSON Schema, which has no closed type
    """The TypeScript type of one schema node."""
    if "$ref" in node:
        return node["$ref"].rsplit("/", 1)[1]
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        return " | ".join(f"'{value}'" for value in node["enum"])
    if "anyOf" in node:
        return " | ".join(type_text(arm) for arm in node["anyOf"])
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    if kinds == ["array"]:
        if "prefixItems" in node:
            return f"[{', '.join(type_text(item) for item in node['prefixItems'])}]"
        item = type_text(node["items"])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if kinds == ["object"]:
        return f"Record<string, {type_text(node['additionalProperties'])}>"
    return " | ".join(SIMPLE[kind] for kind in kinds)


def definition_text(name: str, node: dict[str, Any]) -> str:  # a JSON Schema
    """One exported declaration."""
    about = f"/** {node['description']} */\n" if "description" in node else ""
    if "properties" not in node:
        return f"{about}export type {name} = {type_text(node)};\n"
    lines = [f"{about}export interface {name} {{"]
    for key, described in node["properties"].items():
        if "description" in described:
            lines.append(f"  /** {described['description']} */")
        lines.append(f"  {key}: {type_text(described)};")
    return "\n".join([*lines, "}\n"])


def generate() -> str:
    """The whole file."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    head = (
        "// Generated from inspection/schema.json by report_types.py: change the schema instead.\n"
    )
    parts = [definition_text("Bench", schema)]
    parts += [definition_text(name, node) for name, node in schema["$defs"].items()]
    return "\n".join([head, *parts])


if __name__ == "__main__":
    TARGET.write_text(generate(), encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET.name}\n")
