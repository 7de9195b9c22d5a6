"""The page of supported functions is what the library says of itself now."""

from __future__ import annotations

import math
import re

from pellucid.library import reference


def test_page_is_current():
    page = reference.PAGE.read_text(encoding="utf-8")
    kept = [line for line in page.splitlines() if not is_newer(line)]
    assert kept == reference.render().splitlines(), (
        "write it again: python -m pellucid.library.reference --update"
    )


def is_newer(row):
    """Whether a row is of a function of `math` that this Python does not have yet."""
    match = re.match(r"\| `(fma|sumprod|cbrt|exp2)` \|", row)
    return match is not None and not hasattr(math, match[1])


def test_every_row_says_what_it_is():
    rows = [line for line in reference.render().splitlines() if line.startswith("| `")]
    assert not [row for row in rows if row.endswith("|  |")]
