"""Numba's module of this name: `from pellucid.experimental import jitclass`."""

from pellucid.jitclass import jitclass

__all__ = ["jitclass"]
