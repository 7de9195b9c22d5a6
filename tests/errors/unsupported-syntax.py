def f(values):
    squares = [value * value for value in values]
    try:
        return max(squares), f"{values}"
    except ValueError:
        return (lambda x: x)(0), ""


ARGS = ((1.0, 2.0),)
