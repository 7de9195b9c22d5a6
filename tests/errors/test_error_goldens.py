"""What a user sees for each kind of mistake: `<code>.py` makes it, `<code>.txt` is the message.

A file defines `f` and `ARGS`. Rewrite the messages with `pytest tests/errors --update`, and read
them.
"""

from pathlib import Path

import pytest
from engines import inferred

from pellucid.base.diagnostics import CompileError

FOLDER = Path(__file__).parent
FILES = sorted(path for path in FOLDER.glob("*.py") if not path.stem.startswith("test_"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_message(path, update_goldens):
    module = {"__name__": path.stem}
    exec(compile(path.read_text(), str(path), "exec"), module)
    with pytest.raises(CompileError) as caught:
        inferred(module["f"])(*module["ARGS"])
    assert path.stem in {d.code for d in caught.value.diagnostics}
    text = str(caught.value).strip().replace(str(path), path.name) + "\n"
    golden = path.with_suffix(".txt")
    if update_goldens:
        golden.write_text(text)
    assert golden.read_text() == text
