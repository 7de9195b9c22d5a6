"""Compile a function once more, keeping what each stage made: what a dispatcher answers when asked.

    f.explain(types)   ->   explain(request).report()

Dispatching needs none of this, so it is loaded when it is asked for. As there, what is not inlined
of the library is code of its own in the cache: what is shown is what the user's lines became. The
entry that Python calls is left out, so that what is shown is the function.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from pellucid.backend.compile import MachineCode, compile_module
from pellucid.backend.remarks import Remark, find_remarks
from pellucid.base.diagnostics import CompileError
from pellucid.base.events import NullSink
from pellucid.codegen.names import Accepts, exported_symbols
from pellucid.compilation import (
    Compilation,
    FrontEnd,
    keep_library,
    library_store,
    overload_table,
    phase,
    specialise,
)
from pellucid.frontend.source import find_source
from pellucid.inference.program import Program
from pellucid.inspection.collect import Evidence, collect, inner_functions
from pellucid.inspection.notebook import cell_of, cell_offset
from pellucid.inspection.recorder import Recorder
from pellucid.inspection.report import Report, Stats
from pellucid.inspection.why import TypeReasons, explain_types
from pellucid.ir.clone import clone_function
from pellucid.ir.function import Function
from pellucid.ir.printer import print_function
from pellucid.object_mode import describe_variables, inspected_function
from pellucid.passes.pass_base import PassContext
from pellucid.passes.pipeline import reachable, run_pipeline
from pellucid.runtime.specialisation import CompileRequest
from pellucid.targets.cpu.target import host


class Explanation:
    """One compilation with its stages; parts are made when first asked for."""

    def __init__(self, request: CompileRequest) -> None:
        self.request = request
        source = find_source(request.pyfunc)
        self.recorder = Recorder()
        self.evidence = Evidence(
            request.pyfunc, source, request.arg_types, request.options, self.recorder
        )
        self.evidence.cell = cell_of(source.file)
        self.evidence.cell_offset = cell_offset(source.file)
        self.compilation = _compile(request, self.evidence)

    @cached_property
    def code(self) -> MachineCode:
        """The machine code of the function and all that it calls."""
        options = self.evidence.options
        accepts = self.request.accepts
        with phase(self.recorder, "code generation"):
            self.evidence.generated = self.compilation.llvm_text(
                accepts=accepts, visible=self.evidence.symbols
            )
        return compile_module(
            self.evidence.generated,
            host(),
            options,
            exported=self._exported(),
            with_texts=True,
            events=self.recorder,
        )

    def _exported(self) -> set[str]:
        """The functions that are called from outside."""
        accepts, exported = self.request.accepts, set(self.evidence.symbols)
        if accepts is Accepts.NATIVE:  # no entry, which would not be shown
            exported.update(exported_symbols(self.compilation.target.symbol, accepts))
        return exported

    def typed_ir(self) -> str:
        """The typed IR before the passes; in object mode, what there is of types besides."""
        text = print_function(self.evidence.stages[0][2])
        if self.evidence.options.forceobj:
            text = f"{text.rstrip()}\n\n{describe_variables(self.request)}"
        return text

    def llvm_ir(self) -> str:
        """The optimised LLVM IR."""
        return self.code.optimised

    def assembly(self) -> str:
        """The machine code as text."""
        return self.code.assembly

    def control_flow(self) -> str:
        """The control flow graph of the function's LLVM IR in Graphviz's language."""
        from llvmlite import binding

        module = binding.parse_assembly(self.code.optimised)
        function = module.get_function(self.compilation.target.symbol)
        return binding.get_function_cfg(function, show_inst=False)

    @cached_property
    def remarks(self) -> list[Remark]:
        """What LLVM says of the loops: why one works on single items."""
        generated, level = self.code and self.evidence.generated, self.evidence.options.opt_level
        machine = (host().triple, host().cpu, host().features)
        return find_remarks(generated, machine, level, self._exported())

    @cached_property
    def _report(self) -> Report:
        code, evidence = self.code, self.evidence
        evidence.optimised, evidence.assembly = code.optimised, code.assembly
        evidence.processor = f"{host().triple.split('-')[0]} {host().cpu}"
        total = sum(seconds for _, seconds in self.recorder.phases)
        evidence.stats = Stats(total, "compiled", None)
        return collect(evidence)

    def report(self, *, remarks: bool = False) -> Report:
        """The `inspection.Report`; with `remarks`, LLVM's about the loops are events of it."""
        report = self._report
        return collect(replace(self.evidence, remarks=self.remarks)) if remarks else report


def _compile(request: CompileRequest, evidence: Evidence) -> Compilation:
    """The front end, inference and our passes, with the function kept as it was between them."""
    options, events = request.options, evidence.recorder
    front_end = FrontEnd(debug=options.debug)
    with phase(events, "front end"):
        evidence.untyped = _untyped(request, front_end)
    store = library_store(options)
    program = Program(options, overload_table(), front_end, events, store)
    with phase(events, "inference"):
        target = specialise(
            program, evidence.untyped, request.arg_types, request.cells, request.ret_ty
        )
    assert target.fn is not None, "a user's function has a body"
    if program.root is not None:
        evidence.reasons = explain_types(program.root)
    # Of a generator function, the body is what the user wrote; a call of it only makes an object.
    is_generator = program.root is not None and program.root.generator is not None
    shown = program.root.target if program.root is not None and is_generator else target
    assert shown.fn is not None
    evidence.symbols = {target.symbol, shown.symbol}
    evidence.stages.append(("typed", "inferred", clone_function(shown.fn)[0]))
    if is_generator:
        evidence.called = clone_function(target.fn)[0]
    inner = inner_functions(evidence.untyped, shown.fn)
    evidence.inner = [clone_function(fn)[0] for fn in inner]
    with phase(events, "passes"):
        run_pipeline(target, PassContext(options, events, program.specialise_callable), [shown])
        functions = reachable(target, shown)
    if store is not None:
        with phase(events, "library"):
            functions = keep_library((target, shown), functions, store, options)
    evidence.stages.append(("passes", "after passes", shown.fn))
    if is_generator:
        evidence.stages.append(("call", "a call", target.fn))
    return Compilation(
        request.pyfunc,
        options,
        evidence.untyped,
        target,
        functions,
        arg_tys=request.arg_types,
    )


def _untyped(request: CompileRequest, front_end: FrontEnd) -> Function:
    """The untyped IR of the function that was asked for."""
    if request.options.forceobj:
        return inspected_function(request)
    return front_end.outermost(request.pyfunc, request.cells)


def why(request: CompileRequest) -> TypeReasons:
    """Why the variables have their types; of a function that is refused, as far as it was typed."""
    front_end = FrontEnd()
    store = library_store(request.options)
    program = Program(request.options, overload_table(), front_end, NullSink(), store)
    try:
        untyped = _untyped(request, front_end)
        specialise(program, untyped, request.arg_types, request.cells, request.ret_ty)
    except CompileError:
        if program.root is None:  # the front end refused it
            raise
    assert program.root is not None, "what is inferred has a frame"
    return explain_types(program.root)


def explain_failure(request: CompileRequest, failure: CompileError) -> Report:
    """The Report of a compilation that failed: its messages, and the source as far as known."""
    evidence = Evidence(
        request.pyfunc,
        find_source(request.pyfunc),
        request.arg_types,
        request.options,
        Recorder(),
        diagnostics=failure.diagnostics,
    )
    evidence.cell_offset = cell_offset(evidence.source.file)
    evidence.cell = cell_of(evidence.source.file)
    return collect(evidence)


def explain(request: CompileRequest) -> Explanation:
    """Compile for inspection; a `CompileError` says what is wrong with the function."""
    return Explanation(request)
