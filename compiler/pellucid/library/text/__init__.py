"""Numbers as text and back: digits, format specs, parsing. The texts are identical to CPython's.

`machine.py` holds the few operations that the compiled language cannot say, `shortest.py` and
`exact.py` make decimal digits of floats, `numbers.py` lays numbers out, `spec.py` reads format
specs, `parsing.py` makes numbers of text. What users call stands in `text.py`, `formatting.py` and
`percent.py`.
"""
