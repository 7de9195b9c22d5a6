"""Python's modules `math` and `cmath` in the compiled language."""
