"""Types as debuggers see them: DWARF's description of what `models/` lays out.

A value is shown as it lies in memory, except that an array is shown as Numba shows it: its block,
the Python object that it came from, how many items there are and how large, where they are, shape
and strides. Text points to characters. An object on the heap is a pointer to its block.
"""

from __future__ import annotations

from collections.abc import Iterable

from pellucid.codegen.debuginfo import DebugInfo, Node, quoted
from pellucid.codegen.models import block
from pellucid.codegen.models.heap import HeapModel
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import Model, Record
from pellucid.types import (
    Array,
    Boolean,
    BytesType,
    Complex,
    Float,
    Integer,
    Pointer,
    Tuple,
    Type,
    UnicodeType,
    int64,
    uint8,
)

Member = tuple[str, Node, int, int]
"""Name, type, size and offset in bytes."""

ARRAY_FIELDS = ("meminfo", "parent", "nitems", "itemsize", "data")
"""What an array is shown with before its shape and strides: each takes 8 bytes."""


class DebugTypes:
    """The types of one module; each is described once."""

    def __init__(self, debug: DebugInfo) -> None:
        self._debug = debug
        self._nodes: dict[str, Node] = {}

    def of(self, ty: Type) -> Node:
        """The description of a type."""
        found = self._nodes.get(str(ty))
        return self._describe(ty) if found is None else found

    def _describe(self, ty: Type) -> Node:
        name, model = str(ty), model_of(ty)
        match ty:
            case Boolean():
                return self._basic(name, 8, "boolean")
            case Integer():
                return self._basic(name, ty.bits, "signed" if ty.signed else "unsigned")
            case Float():
                return self._basic(name, ty.bits, "float")
            case Complex():
                return self._basic(name, ty.bits, "complex_float")
            case Pointer():
                return self._pointer(name, ty.elem_ty)
            case Array():
                return self._array(ty)
            case _:
                pass
        if isinstance(model, HeapModel):
            return self._object(name, model)
        if isinstance(model, Record):
            return self._record(name, model, is_text=isinstance(ty, (UnicodeType, BytesType)))
        return self._address(name)

    def _basic(self, name: str, bits: int, encoding: str) -> Node:
        node = self._nodes[name] = self._debug.node(
            f"!DIBasicType(name: {quoted(name)}, size: {bits}, encoding: DW_ATE_{encoding})"
        )
        return node

    def _address(self, name: str) -> Node:
        """A pointer to what debuggers need not know, such as a Python object."""
        pointer = self._debug.node(
            "!DIDerivedType(tag: DW_TAG_pointer_type, baseType: null, size: 64)"
        )
        return self._typedef(name, pointer)

    def _typedef(self, name: str, ty: Node) -> Node:
        node = self._nodes[name] = self._debug.node(
            f"!DIDerivedType(tag: DW_TAG_typedef, name: {quoted(name)}, baseType: {ty.reference})"
        )
        return node

    def _pointer(self, name: str, target: Type) -> Node:
        node = self._nodes[name] = self._debug.reserve()
        to = self.of(target).reference
        self._debug.fill(
            node, f"!DIDerivedType(tag: DW_TAG_pointer_type, baseType: {to}, size: 64)"
        )
        return node

    def _characters(self) -> Node:
        """A pointer to characters, as C has it: debuggers print them."""
        found = self._nodes.get("char*")
        if found is None:
            character = self._basic("char", 8, "signed_char").reference
            found = self._nodes["char*"] = self._debug.node(
                f"!DIDerivedType(tag: DW_TAG_pointer_type, baseType: {character}, size: 64)"
            )
        return found

    def _array(self, ty: Array) -> Node:
        name = str(ty)
        node = self._nodes[name] = self._debug.reserve()
        block_type, parent = self._address("block"), self._address("pyobject")
        count = self.of(int64)
        parts = (block_type, parent, count, count, self.of(Pointer(ty.dtype)))
        members = [
            (field, part, 8, 8 * at)
            for at, (field, part) in enumerate(zip(ARRAY_FIELDS, parts, strict=True))
        ]
        axes, size = self._several(count, 8, ty.ndim), 8 * ty.ndim
        start = 8 * len(ARRAY_FIELDS)
        members += [("shape", axes, size, start), ("strides", axes, size, start + size)]
        self._structure(node, name, start + 2 * size, members)
        return node

    def _several(self, item: Node, size: int, count: int) -> Node:
        axis = self._debug.node(f"!DISubrange(count: {count})").reference
        listed = self._debug.node(f"!{{{axis}}}").reference
        return self._debug.node(
            f"!DICompositeType(tag: DW_TAG_array_type, baseType: {item.reference}, "
            f"size: {8 * size * count}, elements: {listed})"
        )

    def _record(self, name: str, model: Record, *, is_text: bool) -> Node:
        node = self._nodes[name] = self._debug.reserve()
        self._structure(node, name, model.size, self._members(model, 0, is_text=is_text))
        return node

    def _members(self, model: Record, start: int, *, is_text: bool = False) -> Iterable[Member]:
        is_tuple = isinstance(model.ty, Tuple)
        for field, part, offset in zip(model.names, model.parts, model.offsets, strict=True):
            is_characters = is_text and part.ty == Pointer(uint8)
            shown = self._characters() if is_characters else self._part(part)
            yield f"f{field}" if is_tuple else field, shown, part.size, start + offset

    def _part(self, model: Model) -> Node:
        """A part of a record, which lies as its model says: an array there is its record."""
        if isinstance(model.ty, Array) and isinstance(model, Record):
            found = self._nodes.get(f"record of {model.ty}")
            if found is None:
                found = self._nodes[f"record of {model.ty}"] = self._debug.reserve()
                self._structure(found, str(model.ty), model.size, self._members(model, 0))
            return found
        return self.of(model.ty)

    def _object(self, name: str, model: HeapModel) -> Node:
        node = self._nodes[name] = self._debug.reserve()
        content = self._debug.reserve()
        self._debug.fill(
            node,
            f"!DIDerivedType(tag: DW_TAG_pointer_type, baseType: {content.reference}, size: 64)",
        )
        refcount: Member = ("refcount", self.of(int64), 8, block.REFCOUNT)
        fields = model.fields
        members = [refcount, *self._members(fields, block.FIELDS)]
        self._structure(content, name, block.FIELDS + fields.size, members)
        return node

    def _structure(self, node: Node, name: str, size: int, members: Iterable[Member]) -> None:
        listed = [
            self._debug.node(
                f"!DIDerivedType(tag: DW_TAG_member, name: {quoted(field)}, "
                f"baseType: {part.reference}, size: {8 * part_size}, offset: {8 * offset})"
            ).reference
            for field, part, part_size, offset in members
        ]
        elements = self._debug.node(f"!{{{', '.join(listed)}}}").reference
        self._debug.fill(
            node,
            f"!DICompositeType(tag: DW_TAG_structure_type, name: {quoted(name)}, "
            f"size: {8 * size}, elements: {elements})",
        )
