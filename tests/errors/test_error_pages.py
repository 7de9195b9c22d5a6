"""Every code that the compiler reports has a paragraph, and a golden message."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODES = re.compile(r'(?:\berror|\bcompile_error|\bDiagnostic)\(\s*"([a-z]+(?:-[a-z]+)+)"')
NO_PROGRAM = {
    "internal-error",  # nobody knows one, or it would be mended
    "invalid-ir",  # made by IR text: tests/ir
    "signature-mismatch",  # made by explicit signatures: tests/jit
}


def reported_codes():
    sources = (ROOT / "compiler" / "pellucid").rglob("*.py")
    return {code for path in sources for code in CODES.findall(path.read_text(encoding="utf-8"))}


def test_every_code_has_a_paragraph():
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE)) == reported_codes()


def test_every_code_has_a_golden():
    goldens = {path.stem for path in Path(__file__).parent.glob("*.txt")}
    assert goldens == reported_codes() - NO_PROGRAM
