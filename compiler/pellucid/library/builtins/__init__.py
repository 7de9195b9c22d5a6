"""Python's operators and builtins on scalars, tuples and ranges; the base of the library.

promotion.py     which type two numbers meet in
arithmetic.py    the machine's operations, as primitives
operators.py     `+ - * / // % ** << >> & | ^ ~`, and in place; power.py, division.py beside it
comparison.py    `== != < <= > >= is not`, truth
conversions.py   int() float() complex() abs(), dtypes called; rounding.py, power.py
iteration.py     the loop protocol; ranges.py, tuples.py, slices.py: the types it runs over
generators.py    resumed, sent to, thrown into; iterators.py: iter() map() filter()
aggregates.py    min() max() sum() any() all()
memory.py        items at addresses, blocks of memory; structs.py: records, errors with text
"""
