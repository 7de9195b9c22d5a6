"""`enumerate zip reversed`, alone and in each other."""

from differential import check


def enumerated(t, start):
    total = 0
    for i, x in enumerate(t, start):
        total = total * 7 + i * x
    for i, x in enumerate(t):
        total += i - x
    return total


def test_enumerate():
    for t in [(), (5,), (5, 6, 7)]:
        check(enumerated, t, 3)
        check(enumerated, t, -1)


def zipped(n, t):
    total = 0.0
    for a, b, c in zip(range(n), t, range(n, 0, -1)):  # noqa: B905 (the shortest wins)
        total = total * 3 + a * b - c
    return total


def test_zip_ends_with_the_shortest():
    for n in range(5):
        check(zipped, n, (1.5, 2.5, 3.5))


def strictly(n, m):
    count = 0
    for _ in zip(range(n), range(m), (1, 2, 3), strict=True):
        count += 1
    return count


def test_strict_zip():
    for n in range(1, 5):
        for m in range(1, 5):
            check(strictly, n, m)


def nothing():
    count = 0
    for _ in zip():
        count += 1
    return count


def test_zip_of_nothing():
    check(nothing)


def nested(t):
    total = 0
    for i, (a, (j, b)) in enumerate(zip(t, enumerate(reversed(t)))):  # noqa: B905
        total = total * 5 + i * a + j * b
    return total


def test_nested():
    check(nested, (1, 2, 3))
    check(nested, (1.5,))
