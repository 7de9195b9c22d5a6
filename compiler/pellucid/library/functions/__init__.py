"""Functions that make and call functions: `functools`, and what `operator` makes."""
