"""How values of each type are laid out: one file per subject of `types/`, under the same name.

In:  types. Out: a `Model` for a type (`lookup.model_of`): its LLVM value type, its form in memory,
its named parts, its counted references, its constants. `context.py` and `block.py` hold the layouts
that compiled code shares with the runtime; they load no LLVM.

Laws:

    * A value is a leaf (one register) or a record of parts; it is always an SSA value, never a
      pointer to one, so shapes and strides live in registers.
    * Across block edges and calls a record travels as its leaves (`Model.flatten`): LLVM does not
      split aggregates in phis.
    * A part of a type with no run-time value (None, a module, text known while compiling) is `{}`;
      it has no leaves.
    * `Optional` without a value holds zeros, so that its references are null.
"""
