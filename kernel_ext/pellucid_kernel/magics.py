"""`%%jit` and `%jit_show`: parse the line, call the public API, display."""

from __future__ import annotations

import ast
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from pellucid_kernel.cell import run_cell
from pellucid_kernel.show import Explained, show

LEVELS = ("source", "ir", "llvm", "asm", "events")


def parse_levels(text: str | None) -> list[str]:
    """The levels of `--show source,asm`; a wrong name is the user's mistake and says so."""
    levels = [name for name in (text or "").replace(" ", ",").split(",") if name]
    for name in levels:
        if name not in LEVELS:
            message = f"no level {name!r}; choose from {', '.join(LEVELS)}"
            raise UsageError(message)
    return levels


@magics_class
class PellucidMagics(Magics):
    """The magics that `%load_ext pellucid` adds."""

    @magic_arguments()
    @argument("--parallel", action="store_true", help="compile with parallel=True")
    @argument("--fastmath", action="store_true", help="compile with fastmath=True")
    @argument("--no-boundscheck", action="store_true", help="compile with boundscheck=False")
    @argument("--show", metavar="LEVELS", help="levels to open, of: " + ",".join(LEVELS))
    @argument("--quiet", action="store_true", help="compile and run, show nothing")
    @argument("--sig", metavar="SIGNATURE", help='compile for this signature: "f8(f8[::1])"')
    @cell_magic
    def jit(self, line: str, cell: str) -> None:
        """Compile the functions that this cell defines, run it, and show what was compiled.

        Example::

            %%jit --fastmath
            def total(xs):
                s = 0.0
                for x in xs:
                    s += x
                return s

            total(np.arange(1e6))
        """
        __tracebackhide__ = True
        options = parse_argstring(self.jit, line)
        levels = parse_levels(options.show)
        # Loaded late: the compiler is needed from the first %%jit on, not from %load_ext on.
        from pellucid import njit

        chosen: dict[str, Any] = {}  # njit's own options
        if options.parallel:
            chosen["parallel"] = True
        if options.fastmath:
            chosen["fastmath"] = True
        if options.no_boundscheck:
            chosen["boundscheck"] = False
        signature = [options.sig.strip("\"'")] if options.sig else []
        names = run_cell(self._shell(), cell, njit(*signature, **chosen))
        found = [self._shell().user_ns.get(name) for name in names]
        dispatchers = [each for each in found if isinstance(each, Explained)]
        if not options.quiet:
            title = ", ".join(names) or "cell"
            if not show(title, dispatchers, levels) and dispatchers:
                print(f"{title}: nothing was called, so nothing was compiled")  # noqa: T201

    @magic_arguments()
    @argument("function", help="a compiled function")
    @argument("levels", nargs="*", help="levels to open, of: " + ",".join(LEVELS))
    @line_magic
    def jit_show(self, line: str) -> None:
        """Show the bench of a function that was compiled before.

        Example::

            %jit_show total source asm
        """
        options = parse_argstring(self.jit_show, line)
        levels = parse_levels(",".join(options.levels))
        target = self._evaluate(options.function)
        if not isinstance(target, Explained):
            message = f"{options.function} is not a function compiled by Pellucid"
            raise UsageError(message)
        if not show(options.function, [target], levels):
            message = f"{options.function} was not called yet, so nothing was compiled"
            raise UsageError(message)

    def _evaluate(self, expression: str) -> object:
        """The object of a dotted name: a line magic's argument is no place for calls."""
        tree = ast.parse(expression, mode="eval").body if expression else None
        inner = tree
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name):
            message = f"{expression!r} is not a name"
            raise UsageError(message)
        if inner.id not in self._shell().user_ns:
            message = f"there is no {inner.id!r} here"
            raise UsageError(message)
        value: object = self._shell().user_ns[inner.id]
        for name in expression.split(".")[1:]:
            if not hasattr(value, name):
                message = f"{expression!r}: there is no attribute {name!r}"
                raise UsageError(message)
            value = getattr(value, name)
        return value

    def _shell(self) -> Any:  # IPython types the trait as optional
        assert self.shell is not None
        return self.shell
