"""Pellucid beside Numba, NumPy and C, in one run on one machine.

    python -m benchmarks                 everything; prints a table, writes results/latest.{md,json}
    python -m benchmarks --quick calls   one group, few rounds

In:  the programs of `programs.py`, written once and compiled by each engine.
Out: medians of interleaved rounds, and the ratio to each peer round by round: what disturbs the
machine for a moment disturbs neighbours alike.
Read first: `cases.py`, then `measure.py`.
"""
