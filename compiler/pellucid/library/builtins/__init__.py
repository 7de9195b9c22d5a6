"""Python's operators and builtin functions on scalars, tuples and ranges, and what the library stands on.

    promotion.py     which type two numbers meet in
    arithmetic.py    the machine's operations, as primitives
    operators.py     `+ - * / // % ** << >> & | ^ ~`, and in place; power.py, division.py beside it
    comparison.py    `== != < <= > >= is not`, truth
    conversions.py   int() float() bool() complex(), dtypes called; rounding.py: round() divmod() pow()
    iteration.py     the loop protocol; ranges.py, tuples.py, slices.py: the types it runs over
    aggregates.py    min() max() sum() any() all()
    memory.py        items at addresses, blocks of memory; structs.py: records, errors with text
"""
