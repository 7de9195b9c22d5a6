"""All functions that one compilation infers, and how calls between them are resolved.

`Program.specialise` infers a function for argument types and gives its `FunctionTarget`; functions
that it calls are inferred on the way, each once per argument types. Recursion is solved over
strongly connected components: a call to a function that is still open sees the return type known so
far; when the component's first function is done, its members are visited again until no return type
changes, and only then written as typed IR (`emit.py`).
"""

from __future__ import annotations

import types as pytypes
from collections.abc import Callable as PyCallable
from dataclasses import replace
from functools import partial
from typing import Any

from pellucid.base.diagnostics import CompileError, Diagnostic, Label, error
from pellucid.base.events import EventSink, NullSink
from pellucid.base.options import Options
from pellucid.base.spans import NO_SPAN, Span
from pellucid.inference.addresses import ADDRESSES, take_address
from pellucid.inference.attributes import find_member, has_attribute, is_member, unbound_methods
from pellucid.inference.binding import (
    Arguments,
    Captured,
    Given,
    Receiver,
    Recipe,
    plain_type,
)
from pellucid.inference.candidates import choose, spelling
from pellucid.inference.closures import make_closure
from pellucid.inference.code_key import code_key
from pellucid.inference.constants import type_of_constant
from pellucid.inference.emit import emit
from pellucid.inference.exceptions import HANDLING, resolve_exception, resolve_handling
from pellucid.inference.first_class import call_by_address
from pellucid.inference.folding import fold_literals
from pellucid.inference.frame import Frame
from pellucid.inference.function_unions import build_caller, find_union, take_apart
from pellucid.inference.generators import call_of, resumed_by
from pellucid.inference.instance_calls import InstanceCalls, called_method
from pellucid.inference.instances import is_known_class
from pellucid.inference.knots import Knots
from pellucid.inference.library_code import KeptCode, LibraryCode, is_library_code, short_digest
from pellucid.inference.overloads import (
    Constant,
    Overload,
    OverloadTable,
    Typed,
    attribute_key,
    method_key,
    option,
)
from pellucid.inference.python_calls import DTYPE_CALL, PythonCalls, concerns_objects
from pellucid.inference.refusals import (
    FLOAT_TESTS,
    attribute_name,
    bind_arguments,
    check_compilable,
    check_member,
    check_returned,
    declare_ret,
    no_attribute,
    no_base_case,
    warn_of_float_test,
)
from pellucid.inference.resolution import Bound, Folded, Resolution, Resolved
from pellucid.inference.spreading import SpreadCalls, open_star
from pellucid.inference.variables import settle_arguments
from pellucid.ir.callee import FunctionTarget, Primitive, Ref
from pellucid.ir.function import Function
from pellucid.ir.ops import Call
from pellucid.ir.protocol import (
    EXCEPTION_FIELD,
    GO_ON,
    MAKE_CLOSURE,
    UNION_GET,
    UNION_IS,
)
from pellucid.ir.values import Value
from pellucid.types import (
    BoundMethod,
    Callable,
    CaughtException,
    Closure,
    Dispatcher,
    DType,
    ExceptionClass,
    FunctionType,
    FunctionUnion,
    Instance,
    Literal,
    Module,
    Optional,
    Signature,
    Type,
    none,
)
from pellucid.types.heap import variables_in
from pellucid.types.kinds import is_static

FrontEnd = PyCallable[[Any, bool], Function]
"""Builds the untyped IR of a Python function; the flag says whether it is library code."""

_OWN = (
    *ADDRESSES,
    option,
    MAKE_CLOSURE.pyobj,
    GO_ON.pyobj,
    UNION_IS.pyobj,
    UNION_GET.pyobj,
)


class Program:
    """The functions of one compilation."""

    def __init__(
        self,
        options: Options,
        overloads: OverloadTable,
        front_end: FrontEnd,
        events: EventSink | None = None,
        library: LibraryCode | None = None,
    ) -> None:
        self.options = options
        self._asked = options  # the options of calls that no function being inferred makes
        self.overloads = overloads
        self.events = events or NullSink()
        self._front_end = front_end
        self._kept = KeptCode(library, options)
        self._frames: dict[object, Frame] = {}
        self.stack: list[Frame] = []  # the functions that are being inferred
        self._lowest: dict[Frame, int] = {}
        self._members: list[Frame] = []
        self._symbols: dict[str, int] = {}
        self._library_files: set[str] = set()
        self._declared_ret: Type | None = None
        self._callers: dict[object, Function] = {}
        self._instances = InstanceCalls(self)
        self.knots = Knots(self)
        self._python = PythonCalls(self)
        self._spreads = SpreadCalls(self, front_end)
        self._find_member = partial(find_member, overloads.find)
        self.root: Frame | None = None  # the function that was asked for, also if it was refused
        self.warnings: dict[str, None] = {}  # what the user should know though it compiles
        self.asks_handled = False  # whether a bare `raise` means what another function handles
        self.has_volatile = False  # whether any function reads a variable that changes later

    @property
    def targets(self) -> list[FunctionTarget]:
        """The typed functions, callees first."""
        return [frame.target for frame in self._frames.values() if frame.target.fn is not None]

    # -- specialising -------------------------------------------------------------------------

    def specialise(
        self,
        pyfunc: Any,
        arg_tys: tuple[Type, ...],
        *,
        is_library: bool = False,
        ret_ty: Type | None = None,
    ) -> FunctionTarget:
        """The typed function of a Python function for these types, one for each parameter.

        `ret_ty` is the return type that an explicit signature states.
        """
        self._declared_ret = ret_ty

        def infer(tys: tuple[Type, ...]) -> Frame:
            return self._frame_of(pyfunc, tys, self.options, is_library=is_library)

        frame = settle_arguments(arg_tys, self, infer)
        self._declared_ret = None  # what the entry calls says itself what it returns
        assert not frame.is_open
        check_returned(frame)
        target = call_of(frame, ()).target
        assert isinstance(target, FunctionTarget)
        return target

    def begin_again(self) -> None:
        """Forget all that was inferred, since classes hold other things than was thought."""
        self._frames, self._symbols, self.root = {}, {}, None

    def specialise_callable(
        self, pyobj: Any, arg_tys: tuple[Type, ...], span: Span, options: Options
    ) -> Resolved:
        """What a call of a callable known while compiling goes to: for passes that write calls."""
        self._asked = options
        resolution = self.resolve_callable(pyobj, arg_tys, span)
        assert isinstance(resolution, Resolved)
        return resolution

    def resolve_callable(self, pyobj: Any, arg_tys: tuple[Type, ...], span: Span) -> Resolution:
        """The same where the call may be a constant."""
        callee_ty = self.type_of_ref(Ref("", pyobj), span)
        op = Call(_NO_VALUE, Ref(getattr(callee_ty, "path", ""), pyobj), [], span=span)
        return self.resolve(op, callee_ty, Arguments(arg_tys), None)

    def _frame_of(
        self,
        code: Any,
        arg_tys: tuple[Type, ...],
        options: Options,
        *,
        is_library: bool,
        name: str | None = None,
        key: str | None = None,
        wanted: Type | None = None,
    ) -> Frame:
        identity = (code_key(code), arg_tys, options, wanted)
        frame = self._frames.get(identity)
        if frame is None:
            fn = code if isinstance(code, Function) else self._front_end(code, is_library)
            if fn.is_library:
                self._library_files.add(fn.file)
            # The body of a generator is not what a call gives: it is never kept under that name.
            target = self._new_target(fn, arg_tys, name, None if fn.is_generator else key)
            frame = Frame(self, fn, arg_tys, target, options, wanted)
            self._frames[identity] = frame
            self.root = self.root or frame
            depth, members = len(self.stack), len(self._members)
            try:
                self._infer(frame)
            except BaseException:
                # A caller may report this and go on: what is half inferred must not be found again.
                self._forget({frame, *self.stack[depth:], *self._members[members:]})
                del self.stack[depth:], self._members[members:]
                raise
            # Dict order becomes completion order, so that callees come before callers.
            self._frames[identity] = self._frames.pop(identity)
        return frame

    def _new_target(
        self, fn: Function, arg_tys: tuple[Type, ...], name: str | None, key: str | None
    ) -> FunctionTarget:
        shown = name or fn.name
        symbol = f"{shown}({', '.join(map(str, arg_tys))})"
        if key is not None:
            symbol = f"{symbol}~{short_digest(key)}"
        count = self._symbols.get(symbol, 0)
        self._symbols[symbol] = count + 1
        if count:
            symbol = f"{symbol}#{count}"
        sig = Signature(none, arg_tys)
        return FunctionTarget(symbol, shown, sig, None, is_library=fn.is_library, key=key)

    def _infer(self, frame: Frame) -> None:
        depth = len(self.stack)
        self.stack.append(frame)
        self._lowest[frame] = depth
        first_member = len(self._members)
        frame.run()
        if self._lowest[frame] < depth:
            # Part of a component whose first function is further down the stack.
            frame.is_recursive = True
            self._members.append(frame)
            self.stack.pop()
            caller = self.stack[-1]
            self._lowest[caller] = min(self._lowest[caller], self._lowest[frame])
            return
        component = self._settle(frame, first_member)
        del self._members[first_member:]
        self.stack.pop()
        for member in component:
            member.is_open = False
            member.raise_errors()
        if depth == 0 and self._declared_ret is not None:
            declare_ret(frame, self._declared_ret)
        for member in reversed(component):
            member.target.sig = member.signature()
        for member in reversed(component):
            if not member.is_pending:
                emit(member)

    def _settle(self, frame: Frame, first_member: int) -> list[Frame]:
        """Infer again what trusted a type that was not final; gives the whole component."""
        while True:
            # Types that have widened may have led to functions that belong to it too.
            component = [frame, *self._members[first_member:]]
            before = [member.ret for member in component]
            for member in component:
                member.revisit_provisional()
            is_same = [member.ret for member in component] == before
            has_grown = len(component) <= len(self._members) - first_member
            if is_same and not has_grown and not any(m.bind_rest() for m in component):
                break
        for member in component:
            if member.is_recursive and member.ret is None and not member.errors:
                no_base_case(member)
        return component

    def _forget(self, frames: set[Frame]) -> None:
        self._frames = {key: kept for key, kept in self._frames.items() if kept not in frames}

    # -- resolving calls ----------------------------------------------------------------------

    def type_of_ref(self, ref: Ref, span: Span) -> Type:
        """The type of what a reference refers to: of a function with overloads, a `Callable`."""
        ty = type_of_constant(ref.pyobj, ref.path or None, span)
        if isinstance(ty, Dispatcher) and self.overloads.find(ty.path):
            return Callable(ty.path, ref.pyobj)
        return ty

    def resolve(
        self, op: Call, callee_ty: Type, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """Decide what a call does; a `CompileError` at the call if nothing fits."""
        arguments = arguments.without_wanted()
        as_compiled = partial(self._resolve_compiled, op, callee_ty, arguments, caller)
        star = open_star(arguments)
        if star is not None:
            as_compiled = partial(self._spreads.resolve, op, callee_ty, arguments, star, caller)
        if concerns_objects(callee_ty, arguments):
            return self._python.resolve(op, callee_ty, arguments, caller, as_compiled)
        return as_compiled()

    def _resolve_compiled(
        self, op: Call, callee_ty: Type, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        match callee_ty:
            case Dispatcher(pyobj=pyobj) if pyobj in _OWN:
                return self._resolve_own(op, pyobj, arguments, caller)
            case Callable() | Dispatcher() if is_static(callee_ty.pyobj):
                return self.fold(callee_ty.pyobj(*arguments.types))
            case Callable():
                return self._resolve_callable(op, callee_ty, arguments, caller)
            case Dispatcher() if self.overloads.find(callee_ty.path):
                found = self.overloads.find(callee_ty.path)
                return self.resolve_overloads(op, callee_ty.path, found, arguments, caller)
            case Dispatcher(pyobj=pyobj):
                written = self._instances.function(op, pyobj, arguments, caller)
                return written or self.resolve_function(op, pyobj, arguments, caller)
            case Closure():
                with_closure = replace(arguments, closure=callee_ty)
                return self.resolve_function(op, callee_ty.code, with_closure, caller)
            case FunctionUnion() | Optional(value_ty=FunctionUnion() | Closure()):
                written = self._resolve_written(op, callee_ty, arguments, caller)
                assert written is not None
                return written
            case FunctionType():
                return call_by_address(op, callee_ty, arguments)
            case BoundMethod() | Instance():
                return self._resolve_method(op, called_method(callee_ty), arguments, caller)
            case ExceptionClass():
                return resolve_exception(op, callee_ty, arguments, caller)
            case DType():
                found = self._find(DTYPE_CALL, caller, op.callee)
                of_dtype = arguments.of(callee_ty)
                return self.resolve_overloads(op, str(callee_ty.dtype), found, of_dtype, caller)
            case _:
                return error(
                    "not-callable",
                    f"{callee_ty.base} cannot be called",
                    op.span,
                    f"this is {callee_ty.base}",
                )

    def _options_of(self, caller: Frame | None) -> Options:
        return self._asked if caller is None else caller.options

    def _find(self, path: str, caller: Frame | None, callee: Ref | Value) -> list[Overload]:
        """The overloads of a callable, by the caller's options and how it is called."""
        options = None if caller is None or caller.fn.is_library else caller.options
        is_checked = options is not None and options.overflow == "raise"
        is_kept = isinstance(callee, Value)
        return self.overloads.candidates(path, is_checked=is_checked, is_kept=is_kept)

    def _resolve_own(
        self, op: Call, pyobj: Any, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call that only the compiler writes, or library code."""
        if pyobj in ADDRESSES:
            return take_address(op, pyobj, arguments, partial(self.resolve, caller=caller))
        if pyobj is MAKE_CLOSURE.pyobj:
            return self._make_closure(arguments)
        if pyobj is GO_ON.pyobj:
            resumed = resumed_by(arguments)
            self._note_call(resumed.frame, caller)
            return resumed
        if pyobj is option:
            (name,) = arguments.types
            assert isinstance(name, Literal)
            return self.fold(getattr(self._options_of(caller), str(name.value)))
        return take_apart(pyobj, arguments)

    def _make_closure(self, arguments: Arguments) -> Resolution:
        made, *captured = arguments.types
        assert isinstance(made, Closure)
        ty = Closure(made.name, made.code, tuple(map(plain_type, captured)))
        self.has_volatile |= bool(made.code.volatile)
        if not captured:
            return Folded(made.code, ty)
        return Resolved(make_closure(ty), tuple(Given(i + 1) for i in range(len(captured))))

    def _resolve_callable(
        self, op: Call, callee_ty: Callable, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        pyobj, path = callee_ty.pyobj, callee_ty.path
        written = self._resolve_written(op, callee_ty, arguments, caller)
        if written is None and path in HANDLING:
            written = resolve_handling(self, op, path, arguments, caller)
        if written is not None:
            return written
        if pyobj is super:
            return self._instances.super_of(op, arguments)
        if pyobj is getattr:
            return self._resolve_getattr(op, arguments, caller)
        if pyobj is hasattr:
            return self.fold(has_attribute(op, arguments, self._find_member))
        if is_known_class(pyobj):
            return self._instances.call(op, callee_ty, arguments, caller)
        if path in FLOAT_TESTS and caller is not None and not caller.fn.is_library:
            self.warnings.update(warn_of_float_test(path, caller.options, op.span))
        folded = fold_literals(path, arguments, op.span)
        if folded is not None:
            return folded
        found = [pyobj] if isinstance(pyobj, Overload) else self._find(path, caller, op.callee)
        found = found or unbound_methods(pyobj, self.overloads.find)
        if not found:
            spelt = op.callee.path if isinstance(op.callee, Ref) and op.callee.path else path
            shown = spelling(spelt)
            error(
                "unsupported-function",
                f"`{shown}` is not supported in compiled code yet",
                op.span,
                help="the reference of supported functions lists what is",
            )
        # By its own name, not by that of the module which calls it: symbols are made of it.
        name = pyobj.key if isinstance(pyobj, Overload) else path
        return self.resolve_overloads(op, name, found, arguments, caller)

    def resolve_overloads(
        self, op: Call, path: str, found: list[Overload], arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call that one of some overloads takes."""
        chosen = choose(path, found, arguments, op.span)
        answer = chosen.answer
        if isinstance(answer, Constant):
            return self.fold(answer.value)
        if isinstance(answer, Primitive):
            return Resolved(answer, chosen.recipes)
        literals, types = chosen.overload.literals, chosen.types
        if isinstance(answer, Typed):
            literals, types = frozenset(p.name for p in chosen.overload.params), answer.types
            answer = answer.implementation
        key, kept = self._kept.of_overload(chosen.overload, types, self._options_of(caller))
        if kept is not None:
            return Resolved(kept, chosen.recipes)
        names = [param.name for param in chosen.overload.params]
        arg_tys = tuple(
            ty if name in literals else plain_type(ty)
            for name, ty in zip(names, types, strict=True)
        )
        try:
            name = path.removeprefix("builtins.")
            frame = self.call_frame(answer, arg_tys, caller, is_library=True, name=name, key=key)
        except CompileError as problem:
            raise self.at_call(problem, op, caller) from None
        frame.target.is_separate = chosen.overload.separate
        return call_of(frame, chosen.recipes)

    def resolve_function(
        self, op: Call, code: Any, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call of a Python function, or of one of the IR."""
        pyfunc = getattr(code, "py_func", code)
        is_library = caller is not None and caller.fn.is_library
        is_library = is_library and is_library_code(code, self._library_files)
        if isinstance(code, pytypes.FunctionType) and not is_library:
            check_compilable(code, op)
        fn = pyfunc if isinstance(pyfunc, Function) else self._front_end(pyfunc, is_library)
        captured = map(Captured, range(fn.captured))
        recipes: list[Recipe] = [*captured, *bind_arguments(fn, arguments, op)]
        arg_tys = tuple(plain_type(arguments.type_of(recipe)) for recipe in recipes)
        if not is_library and any(frame.fn is fn for frame in self.stack):
            # Recursion with a longer text each time must not make a function for each.
            arg_tys = tuple(ty.base for ty in arg_tys)
            if next(variables_in(arg_tys), None) is not None:
                # Nor with another unknown each time: the caller waits until it is known.
                error("cannot-unify", "what is passed to the recursion is not known", op.span)
        options = self._options_of(caller)
        key, kept = self._kept.of_function(code if is_library else None, arg_tys, options)
        if kept is not None:
            return Resolved(kept, tuple(recipes))
        try:
            own = None if pyfunc is code else getattr(code, "options", None)
            options = options if own is None else options.meaning_of(own)
            wanted = arguments.wanted
            frame = self._frame_of(
                pyfunc, arg_tys, options, is_library=is_library, key=key, wanted=wanted
            )
            self._note_call(frame, caller)
        except CompileError as problem:
            raise self.at_call(problem, op, caller) from None
        return call_of(frame, tuple(recipes))

    def _resolve_written(
        self, op: Call, callee_ty: Type, arguments: Arguments, caller: Frame | None
    ) -> Resolution | None:
        """A call by way of a function that `function_unions.py` writes; None for most callees."""
        union = find_union(arguments.types)
        shape = (union, len(arguments.types), arguments.kwnames, arguments.stars, op.span)
        code = self._callers.get((callee_ty, *shape)) or build_caller(callee_ty, *shape)
        if code is None:
            return None
        self._callers[(callee_ty, *shape)] = code
        receiver = None if isinstance(callee_ty, Callable) else callee_ty  # that is a value
        return self.call_written(code, receiver, arguments, caller)

    def call_written(
        self, code: Function, receiver: Type | None, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        """A call of a function that was written to call another, which may be a value."""
        recipes: tuple[Recipe, ...] = tuple(map(Given, range(len(arguments.types))))
        arg_tys = tuple(map(plain_type, arguments.types))
        if receiver is not None:
            recipes, arg_tys = (Receiver(), *recipes), (receiver, *arg_tys)
        frame = self.call_frame(code, arg_tys, caller, is_library=True)
        return call_of(frame, recipes)

    def call_frame(
        self,
        code: Any,
        arg_tys: tuple[Type, ...],
        caller: Frame | None,
        *,
        is_library: bool,
        name: str | None = None,
        key: str | None = None,
    ) -> Frame:
        """The frame of a callee."""
        options = self._options_of(caller)
        frame = self._frame_of(code, arg_tys, options, is_library=is_library, name=name, key=key)
        self._note_call(frame, caller)
        return frame

    def _note_call(self, frame: Frame | None, caller: Frame | None) -> None:
        if frame is not None and frame.is_open and caller is not None:
            frame.is_recursive = True
            lowest = self.stack.index(frame) if frame in self.stack else self._lowest[frame]
            self._lowest[caller] = min(self._lowest[caller], lowest)

    def at_call(self, problem: CompileError, op: Call, caller: Frame | None) -> CompileError:
        """The same error with the call that led to it; library code is not shown to users."""
        if caller is not None and caller.fn.is_library:
            return problem
        first = problem.diagnostics[0]
        if first.primary is not None and first.primary.span.file in self._library_files:
            here = Label(op.span, "in this call")
            moved = Diagnostic(first.code, first.headline, here, (), first.notes, first.help)
            return type(problem)(moved)
        return problem.with_label(Label(op.span, "called from here"))

    def _resolve_method(
        self, op: Call, callee_ty: BoundMethod, arguments: Arguments, caller: Frame | None
    ) -> Resolution:
        receiver = callee_ty.receiver
        found = find_member(
            lambda key: self._find(key, caller, op.callee), receiver, callee_ty.name, method_key
        )
        if not found:
            return self._instances.call_method(op, callee_ty, arguments.of(receiver), caller)
        return self.resolve_overloads(op, callee_ty.name, found, arguments.of(receiver), caller)

    def _resolve_getattr(self, op: Call, arguments: Arguments, caller: Frame | None) -> Resolution:
        owner, _, *default = arguments.types
        name = attribute_name(arguments, op.span)
        if is_member(owner, name) or (isinstance(owner, Module) and not default):
            check_member(owner, name, op.span)
            return self.fold(getattr(owner.pyobj, name), f"{owner.path}.{name}")
        attributes = self._find_member(owner, name, attribute_key)
        if attributes:
            only_owner = Arguments((owner,))
            return self.resolve_overloads(op, f".{name}", attributes, only_owner, caller)
        if self._find_member(owner, name, method_key):
            return Bound(BoundMethod(plain_type(owner), name))
        if isinstance(owner, CaughtException):
            known = self._instances.exception_attribute(op, name, owner, caller)
            if known is not None:
                return known
            found = self.overloads.find(EXCEPTION_FIELD.path)
            both = Arguments(arguments.types[:2])
            return self.resolve_overloads(op, f".{name}", found, both, caller)
        known = self._instances.attribute(op, name, arguments, caller)
        if known is None and default:
            return Bound(plain_type(default[0]), 2)
        return known or no_attribute(owner, name, op.span)

    def fold(self, value: Any, path: str | None = None) -> Folded:
        """The call is this constant."""
        return Folded(value, self.type_of_ref(Ref(path or "", value), NO_SPAN), path)


_NO_VALUE = Value("none")
