"""How wide the code points of a text are, in its field `form`; no LLVM is loaded here.

The form is the width in bytes, 1, 2 or 4: the least in which the text fits, so that equal texts
have equal bytes. The bit ASCII is set where all code points are known to be below 128; without it
they may be so all the same (a slice of other text).
"""

from __future__ import annotations

ASCII = 8
WIDTH_MASK = 7


def form_of(text: str) -> int:
    """The form of a Python str."""
    widest = ord(max(text, default="\0"))
    if widest < 256:
        return 1 | (ASCII if widest < 128 else 0)
    return 2 if widest < 65536 else 4


def encode(text: str) -> bytes:
    """The code points as they lie in memory."""
    codec = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[form_of(text) & WIDTH_MASK]
    return text.encode(codec, "surrogatepass")
