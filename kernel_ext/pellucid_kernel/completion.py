"""Completion of the magics' options and levels."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from pellucid_kernel.magics import LEVELS, PellucidMagics


def options_of(magic: Any) -> list[str]:  # a function with magic_arguments' parser attached
    """The option strings that a magic's parser knows."""
    return sorted(
        option
        for action in magic.parser._actions  # argparse has no public list of its options
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    )


def complete_jit(_shell: object, event: Any) -> list[str]:  # IPython's completion event
    """Complete `%%jit`: options, and levels after `--show`."""
    words = str(event.line).split()
    current = str(event.symbol)
    before = words[-1] if not current else (words[-2] if len(words) > 1 else "")
    choices = list(LEVELS) if before == "--show" else options_of(PellucidMagics.jit)
    return [choice for choice in choices if choice.startswith(current)]


def complete_show(shell: Any, event: Any) -> list[str]:  # the shell, and its completion event
    """Complete `%jit_show`: names of compiled functions first, then levels."""
    from pellucid_kernel.show import Explained

    words = str(event.line).split()
    position = len(words) - (1 if event.symbol else 0)
    if position > 1:
        return [level for level in LEVELS if level.startswith(event.symbol)]
    space: dict[str, object] = shell.user_ns
    return [
        name
        for name, value in space.items()
        if name.startswith(event.symbol) and isinstance(value, Explained)
    ]


def install_completion(shell: InteractiveShell) -> None:
    """Tell IPython's completer about both magics."""
    shell.set_hook("complete_command", complete_jit, str_key="%%jit")
    shell.set_hook("complete_command", complete_show, str_key="%jit_show")
    shell.set_hook("complete_command", complete_show, str_key="jit_show")
