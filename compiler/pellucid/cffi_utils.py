"""Functions and types of `cffi` in compiled code."""

from __future__ import annotations

from pellucid.types.cffi_types import map_type, register_module, register_type

__all__ = ["map_type", "register_module", "register_type"]
