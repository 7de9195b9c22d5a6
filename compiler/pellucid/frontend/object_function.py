"""The untyped IR of a function in object mode: the interpreter runs it (`lifting.py`).

func @f(x, y) {
entry:
  code = const <block of f>
  inputs = call pellucid.ir.protocol.build_tuple(x, y)
  result = call pellucid.ir.protocol.run_function(code, inputs)
  return result
}
"""

from __future__ import annotations

from types import FunctionType

from pellucid.frontend.build import parameters_of_source
from pellucid.frontend.lifting import Plan
from pellucid.ir.builder import Builder
from pellucid.ir.function import Function
from pellucid.ir.object_mode import PythonBlock
from pellucid.ir.ops import Call, Const, Return
from pellucid.ir.protocol import BUILD_TUPLE, RUN_FUNCTION
from pellucid.ir.values import Value


def build_object_function(plan: Plan, made: FunctionType) -> Function:
    """The function that calls `made`, which `plan` made, with its parameters."""
    pyfunc, source = plan.pyfunc, plan.source
    params, span = parameters_of_source(pyfunc, source)
    # Its own frame is the interpreter's: as library code, it adds none to tracebacks.
    fn = Function(
        pyfunc.__code__.co_name, params, span=span, file=source.file, is_library=True, pyfunc=pyfunc
    )
    builder = Builder(fn)
    entry = builder.new_block("entry")
    entry.params = [Value(builder.names.fresh(param.name)) for param in params]
    code, inputs, result = (Value(builder.names.fresh(n)) for n in ("code", "inputs", "result"))
    block = PythonBlock(made, tuple(param.name for param in params), ())
    entry.ops = [
        Const(code, block, span=span),
        Call(inputs, BUILD_TUPLE, list(entry.params), span=span),
        Call(result, RUN_FUNCTION, [code, inputs], span=span),
    ]
    entry.terminator = Return(result, span=span)
    return fn
