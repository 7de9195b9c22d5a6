"""Containers that grow, such as lists, written on heap objects (`library/builtins/heap.py`)."""
