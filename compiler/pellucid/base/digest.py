"""The one hash of the compiler: BLAKE2b, wherever this Python has it.

`hashlib` loads OpenSSL first, which costs every process's first call four milliseconds.
"""

try:
    from _blake2 import blake2b
except ImportError:  # a Python built without it, whose OpenSSL has it
    from hashlib import blake2b

__all__ = ["blake2b"]
