"""`debug=True`: what debuggers know of compiled code."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from fresh_process import run_python
from gdb import ask_gdb

from pellucid import njit

PROGRAM = """\
import numpy as np
from pellucid import njit

@njit(debug=True)
def scaled_sum(values, scale):
    total = 0
    for i in range(values.shape[0]):
        total = total + values[i] * scale
    return total

@njit(debug=True)
def main(n, scale):
    text = "some text"
    items = [n, 20, 30]
    number = 1 + 2j
    flag = n > 2
    values = np.arange(n) * scale
    pair = (n, scale)
    again = 1
    again = "text"
    result = scaled_sum(values, scale)
    return result + len(items)

if __name__ == "__main__":
    print(main(4, 2.5))
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("program") / "program.py"
    path.write_text(PROGRAM)
    return path


def line_of(text: str) -> int:
    return PROGRAM[: PROGRAM.index(text)].count("\n") + 1


@pytest.fixture(scope="module")
def session(script: Path) -> list[str]:
    """What gdb says to each of several groups of commands."""
    inside = line_of("total = total")
    groups = (
        f"break program.py:{inside}\nrun",
        "bt 3",
        "info locals\ninfo args",
        "next\nnext\nprint total\nprint i",
        "whatis total\nwhatis values\nwhatis i",
        f"delete\nbreak program.py:{line_of('return result')}\ncontinue\ninfo locals",
        "whatis pair\nwhatis number\nwhatis flag\nptype items",
        "print items->items[0]@items->length",
        "print values.data[1]@3",
        "break scaled_sum\ninfo breakpoints",
        "delete\ncontinue",
    )
    commands = "\necho \\n====\\n\n".join(groups)
    return ask_gdb(script, commands).split("====\n")


def test_it_stops_at_a_line(session: list[str]) -> None:
    assert re.search(r"hit Breakpoint 1, scaled_sum \(.*\) at .*program\.py:8", session[0])
    assert "total = total + values[i] * scale" in session[0]


def test_frames_have_names_arguments_and_lines(session: list[str]) -> None:
    inner, outer, entry = session[1].strip().splitlines()[:3]
    assert re.match(r"#0  scaled_sum \(values=\.\.\., scale=2.5\) at .*program\.py:8$", inner)
    at = line_of("result = scaled_sum")
    assert re.match(rf"#1 .* in main \(n=4, scale=2.5\) at .*program\.py:{at}$", outer)
    assert re.search(r"in main\(int64, float64\).*entry", entry)


def test_variables_of_the_frame(session: list[str]) -> None:
    said = session[2].splitlines()
    assert {"total = 0", "i = 0", "scale = 2.5"} <= set(said)
    (values,) = [line for line in said if line.startswith("values = ")]
    assert "parent = 0x0, nitems = 4, itemsize = 8, data = 0x" in values
    assert values.endswith("shape = {4}, strides = {8}}")


def test_stepping_changes_them(session: list[str]) -> None:
    assert re.findall(r"^\$\d+ = (.*)$", session[3], re.MULTILINE) == ["0", "1"]


def test_types(session: list[str]) -> None:
    said = re.findall("type = (.*)", session[4])
    assert said == ["float64", "array(float64, 1d, C)", "int64"]
    said = re.findall("type = (.*)", session[6])
    assert said[:3] == ["Tuple(int64, float64)", "complex128", "bool"]
    for field in ("refcount", "items", "length", "capacity"):
        assert re.search(rf"\b{field};", session[6])


def test_all_kinds_of_values(session: list[str]) -> None:
    said = session[5]
    for line in ("number = 1 + 2i", "flag = true", "pair = {f0 = 4, f1 = 2.5}", "again = 1"):
        assert f"\n{line}\n" in said
    assert re.search(r"^text = .*\"some text", said, re.MULTILINE)
    assert re.search(r"^again\$1 = .*\"text.*length = 4", said, re.MULTILINE)
    assert re.search(r"^result = 37.5$", said, re.MULTILINE)
    assert "= {4, 20, 30}" in session[7]
    assert "= {2.5, 5, 7.5}" in session[8]


def test_it_stops_by_name(session: list[str]) -> None:
    assert re.search(r"in scaled_sum.* at .*program\.py:6", session[9])
    assert "40.5" in session[10]


def test_llvm_names_file_and_line() -> None:
    @njit(debug=True)
    def f(x):
        y = x + 1
        return y * 1

    assert f(1) == 2
    text = f.inspect_llvm(f.signatures[0])
    line = f.py_func.__code__.co_firstlineno + 1
    assert re.search(rf'DISubprogram\(name: "f",.* line: {line},', text)
    assert 'DIFile(filename: "test_debug_information.py"' in text
    assert re.search(r'DILocalVariable\(name: "y", scope', text)
    assert re.search(r'DILocalVariable\(name: "x", arg: 1', text)


def variables(f, *args):
    f(*args)
    return re.findall(r'DILocalVariable\(name: "([^"]+)"', f.inspect_llvm(f.signatures[-1]))


def test_names_of_variables_that_change_their_type() -> None:
    @njit(debug=True)
    def straight(a):
        x = 1
        x = 2.5
        x = "text"
        x = [a]
        return len(x)

    @njit(debug=True)
    def joined(n):
        x = 0
        for i in range(n):
            x += i * 0.5
        return x

    assert variables(straight, 1) == ["a", "x", "x$1", "x$2", "x$3"]
    assert variables(joined, 3) == ["n", "x", "i"]


def test_results_are_the_same() -> None:
    def f(n, a):
        seen = {}
        rest = [k * k for k in range(n)]
        for k in rest:
            seen[k] = str(k)
        try:
            k = rest[n]
        except IndexError:
            k = -1

        def inner(y, unit="m"):
            return y + k + len(unit)

        s = 0.0
        for value in a:
            s += value if value > 0 else inner(value)
        z = None if n > 3 else n
        return seen, s, z, (a + 1).sum()

    a = np.array([1.5, -2.0, 3.25])
    for n in (2, 5):
        assert njit(debug=True)(f)(n, a) == f(n, a)


def test_debuginfo_variable_is_the_default() -> None:
    code = (
        "from pellucid import njit\n"
        "print(njit(lambda x: x).options.debug, njit(debug=False)(lambda x: x).options.debug)\n"
    )
    assert run_python(code, PELLUCID_DEBUGINFO="1") == "True False\n"
    assert run_python(code) == "False False\n"


def block_of(name: str) -> str:
    """The fenced block of the documentation page that follows a mark."""
    page = Path(__file__).parents[2] / "docs" / "debugging.md"
    after = page.read_text().split(f"<!-- {name} -->\n", 1)[1]
    return after.split("```", 2)[1].partition("\n")[2]


def test_the_session_of_the_documentation(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(block_of("program"))
    commands = re.findall(r"^\(gdb\) (.*)$", block_of("commands"), re.MULTILINE)
    said = ask_gdb(script, "\n".join(commands)).partition("hit Breakpoint")[2]
    lines = re.sub(r"^\$\d+ = ", "", said, flags=re.MULTILINE).splitlines()[1:]
    expected = block_of("answers").splitlines()
    assert [line for line in lines if line in expected] == expected
