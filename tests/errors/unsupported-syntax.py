def f(values):
    class Square:
        side = 2

    async def later():
        return 1

    return values


ARGS = ((1.0, 2.0),)
