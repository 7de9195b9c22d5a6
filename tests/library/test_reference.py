"""The page of supported functions is what the library says of itself now."""

from __future__ import annotations

from pellucid.library import reference


def test_page_is_current():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.render(), (
        "write it again: python -m pellucid.library.reference --update"
    )


def test_every_row_says_what_it_is():
    rows = [line for line in reference.render().splitlines() if line.startswith("| `")]
    assert not [row for row in rows if row.endswith("|  |")]
