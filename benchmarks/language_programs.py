"""Programs of the language beyond arrays: text, containers, generators, closures, exceptions.

Written once, as `programs.py` is. The ones that begin with `call_` are for the cost of their call.
"""

import numpy as np

from pellucid import njit


@njit
def call_list(items):
    return items[0]


@njit
def call_str(text):
    return len(text)


@njit
def call_defaults(a, b=2, c=3.0):
    return a + b + c


@njit
def callee(x):
    return x + 1


@njit
def call_function(f, x):
    return f(x)


@njit
def dict_int_build(n):
    numbers = {}
    for i in range(n):
        numbers[i * 7 % 100003] = i
    return len(numbers)


@njit
def dict_int_lookup(n):
    numbers = {}
    for i in range(1000):
        numbers[i] = i
    total = 0
    for i in range(n):
        key = i * 31 % 1500
        if key in numbers:
            total += numbers[key]
    return total


@njit
def dict_str_build(text):
    words = text.split()
    total = 0
    for _ in range(10):
        numbers = {}
        for i in range(len(words)):
            numbers[words[i]] = i
        total += len(numbers)
    return total


@njit
def dict_str_lookup(text):
    words = text.split()
    numbers = {}
    for i in range(len(words)):
        numbers[words[i]] = i
    total = 0
    for _ in range(10):
        for word in words:
            total += numbers[word]
    return total


@njit
def word_count(text):
    counts = {}
    for word in text.split():
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return len(counts)


@njit
def set_build(n):
    seen = set()
    for i in range(n):
        seen.add(i * i % 1009)
    total = 0
    for i in range(n):
        if i in seen:
            total += i
    return total


@njit
def list_append(n):
    items = []
    for i in range(n):
        items.append(i)
    return len(items)


@njit
def list_pop(n):
    items = [0]
    for i in range(n):
        items.append(i)
    total = 0
    while len(items) > 1:
        total += items.pop()
    return total


@njit
def list_sort(n):
    items = [0]
    state = 1
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        items.append(state)
    items.sort()
    return items[n // 2]


@njit
def list_sort_key(n):
    items = [0]
    state = 1
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        items.append(state)
    items.sort(key=lambda item: -(item % 1000))
    return items[n // 2]


@njit
def list_sum(n):
    items = [i * 2 for i in range(n)]
    total = 0
    for _ in range(10):
        for item in items:
            total += item
    return total


@njit
def list_of_lists(n):
    rows = [[i, i + 1, i + 2] for i in range(n)]
    total = 0
    for _ in range(10):
        for row in rows:
            total += row[0] + row[2]
    return total


@njit
def str_split(text):
    return len(text.split(" "))


@njit
def str_join(text):
    words = text.split()
    total = 0
    for _ in range(10):
        total += len(", ".join(words))
    return total


@njit
def str_replace(text):
    return len(text.replace("alpha", "omega!"))


@njit
def str_find(text):
    return text.find("omega")


@njit
def str_chars(text):
    total = 0
    for character in text:
        if character == "a":
            total += 1
    return total


@njit
def format_str(n):
    total = 0
    for i in range(n):
        total += len(f"item {i}: {i * 2} of {n}")
    return total


@njit
def format_float(n):
    total = 0
    for i in range(n):
        total += len(f"{i / 3:.3f} and {i * 0.5}")
    return total


@njit
def small_array(n):
    total = 0.0
    for i in range(n):
        point = np.empty(3)
        point[0], point[1], point[2] = i, i + 1, 2.0
        total += point[0] * point[1] + point[2]
    return total


@njit
def small_list(n):
    total = 0
    for i in range(n):
        items = [i, i + 1, 2]
        total += items[0] + items[2]
    return total


@njit
def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        yield a
        a, b = b, (a + b) & 0xFFFFFFFF


@njit
def generator_sum(n):
    total = 0
    for number in fibonacci(n):
        total += number
    return total


@njit
def endless():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, (a + b) & 0xFFFFFFFF


@njit
def generator_endless(n):
    total = 0
    for count, number in enumerate(endless()):
        if count >= n:
            break
        total += number
    return total


@njit
def closure(n):
    offset = n + 1

    def shifted(x):
        return x * 3 + offset

    total = 0
    for i in range(n):
        total ^= shifted(i)
    return total


@njit
def counter(n):
    total = 0

    def step(by):
        nonlocal total
        total = (total * 3 + by) & 0xFFFFFFF

    for i in range(n):
        step(i)
    return total


@njit
def raise_in_loop(n):
    total = 0
    for i in range(n):
        try:
            if i & 1:
                raise ValueError
            total += i
        except Exception:
            total -= 1
    return total


@njit
def try_in_loop(n):
    total = 0
    for i in range(n):
        try:
            total += 1000000 // (i & 15)
        except Exception:
            total += 3
    return total


@njit
def wrapping_sum(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


@njit(overflow="raise")
def checked_sum(numbers):
    total = 0
    for number in numbers:
        total += number
    return total
