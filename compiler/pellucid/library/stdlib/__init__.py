"""Python's standard library in the compiled language, where it is not numbers alone (`math/`).

itertools.py      iterators, as generators
grouping.py       groupby and tee: iterators that share what they read
selections.py     product, permutations, combinations: tuples, so their lengths are constants
heapq.py          heaps in lists, and the lazy merge
bisect.py         places in sorted sequences
    time.py           clocks, and a sleep that signals end
    copy.py, operator.py, string.py   the modules of these names
    statistics.py     means, middles, spread and relations of real numbers
    addresses.py      `array.ctypes`, for functions of C
"""
