"""The IPython side: `%load_ext pellucid` adds the magics and shows compile errors as messages.

In:   cells and their options. Out: display data, made from Reports by `pellucid_widgets`.
Not here: panels, and anything that compiles: a magic parses its line, calls the public API and
displays. Read first: `magics.py`.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add the magics, their completion, and the rendering of compile errors."""
    # Loaded late: magics need the compiler, and an extension's import should only define names.
    from pellucid_kernel.completion import install_completion
    from pellucid_kernel.failures import install_failures
    from pellucid_kernel.magics import PellucidMagics

    shell.register_magics(PellucidMagics(shell))
    install_completion(shell)
    install_failures(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Leave compile errors to IPython's own traceback again."""
    shell.set_custom_exc((), None)
