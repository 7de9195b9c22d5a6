"""Python objects: one counted reference."""

from __future__ import annotations

from pellucid.codegen.models.model import Leaf, ModelOf, ll_ptr
from pellucid.types import PyObject


class PyObjectModel(Leaf):
    """The address of a Python object; null only where nothing was set."""

    is_owner = True
    is_object = True

    def __init__(self, ty: PyObject, model_of: ModelOf | None = None) -> None:
        super().__init__(ty, ll_ptr, 8)
