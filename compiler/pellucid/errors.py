"""The exceptions and warnings of the public API, under their own names and under Numba's.

A function that cannot be compiled raises a `CompileError`: `TypingError` where types do not fit,
`UnsupportedError` where the source uses what Pellucid cannot compile. `NumbaError` is the same
class as `CompileError`. Numba's other classes are here so that `except` clauses keep working; where
Pellucid raises a more general class instead, they are never raised.
"""

from __future__ import annotations

from pellucid.base.diagnostics import (
    CompileError,
    Diagnostic,
    InternalError,
    Label,
    TypingError,
    UnsupportedError,
)

PellucidError = NumbaError = CompileError
UnsupportedBytecodeError = ByteCodeSupportError = UnsupportedError
CompilerError = InternalError


class LoweringError(CompileError):
    """A typed function could not be turned into code."""


class UnsupportedRewriteError(UnsupportedError):
    """A transformation cannot handle this form."""


class UnsupportedParforsError(UnsupportedError):
    """A loop cannot be made parallel."""


class IRError(CompileError):
    """The compiler's own form of a function is wrong."""


class RedefinedError(IRError):
    """A name was defined twice."""


class NotDefinedError(IRError):
    """A name was used and not defined."""


class VerificationError(IRError):
    """A check of the compiler's own form failed."""


class ConstantInferenceError(CompileError):
    """A value that must be known while compiling is not."""


class ForbiddenConstruct(UnsupportedError):
    """The source uses what is refused on purpose."""


class DeprecationError(CompileError):
    """The source uses what is no longer there."""


class UntypedAttributeError(TypingError):
    """A type has no such attribute."""


class LiteralTypingError(TypingError):
    """A literal type could not be found."""


class RequireLiteralValue(TypingError):
    """An argument must be known while compiling."""


class ForceLiteralArg(TypingError):
    """Asks for a compilation with an argument's value."""


class NonexistentTargetError(CompileError):
    """There is no such target."""


class InternalTargetMismatchError(InternalError):
    """Code of two targets was mixed."""


class NumbaTypeError(TypingError):
    """A type error found while compiling."""


class NumbaValueError(TypingError):
    """A value error found while compiling."""


class NumbaIndexError(TypingError):
    """An index error found while compiling."""


class NumbaKeyError(TypingError):
    """A key error found while compiling."""


class NumbaAttributeError(TypingError):
    """An attribute error found while compiling."""


class NumbaAssertionError(TypingError):
    """A failed assertion found while compiling."""


class NumbaNotImplementedError(TypingError, NotImplementedError):
    """Something that is not implemented, found while compiling."""


class NumbaRuntimeError(TypingError):
    """A run-time error found while compiling."""


class NumbaWarning(Warning):
    """The root of all warnings; `PellucidWarning` is the same class."""


PellucidWarning = NumbaWarning


class NumbaPerformanceWarning(NumbaWarning):
    """Code will be slower than it could be."""


class NumbaDeprecationWarning(NumbaWarning, DeprecationWarning):
    """Something will go away."""


class NumbaPendingDeprecationWarning(NumbaWarning, PendingDeprecationWarning):
    """Something will be deprecated."""


class NumbaParallelSafetyWarning(NumbaWarning):
    """Parallel execution may not be safe."""


class NumbaTypeSafetyWarning(NumbaWarning):
    """A conversion may lose values."""


class NumbaExperimentalFeatureWarning(NumbaWarning):
    """Something may still change."""


class NumbaInvalidConfigWarning(NumbaWarning):
    """A setting was not understood."""


class NumbaPedanticWarning(NumbaWarning):
    """Something is bad style."""


class NumbaIRAssumptionWarning(NumbaPedanticWarning):
    """An assumption about the compiler's own form does not hold."""


class NumbaDebugInfoWarning(NumbaWarning):
    """Debug information is not complete."""


class NumbaSystemWarning(NumbaWarning):
    """The system lacks something."""


__all__ = [
    "ByteCodeSupportError",
    "CompileError",
    "CompilerError",
    "ConstantInferenceError",
    "DeprecationError",
    "Diagnostic",
    "ForbiddenConstruct",
    "ForceLiteralArg",
    "IRError",
    "InternalError",
    "InternalTargetMismatchError",
    "Label",
    "LiteralTypingError",
    "LoweringError",
    "NonexistentTargetError",
    "NotDefinedError",
    "NumbaAssertionError",
    "NumbaAttributeError",
    "NumbaDebugInfoWarning",
    "NumbaDeprecationWarning",
    "NumbaError",
    "NumbaExperimentalFeatureWarning",
    "NumbaIRAssumptionWarning",
    "NumbaIndexError",
    "NumbaInvalidConfigWarning",
    "NumbaKeyError",
    "NumbaNotImplementedError",
    "NumbaParallelSafetyWarning",
    "NumbaPedanticWarning",
    "NumbaPendingDeprecationWarning",
    "NumbaPerformanceWarning",
    "NumbaRuntimeError",
    "NumbaSystemWarning",
    "NumbaTypeError",
    "NumbaTypeSafetyWarning",
    "NumbaValueError",
    "NumbaWarning",
    "PellucidError",
    "PellucidWarning",
    "RedefinedError",
    "RequireLiteralValue",
    "TypingError",
    "UnsupportedBytecodeError",
    "UnsupportedError",
    "UnsupportedParforsError",
    "UnsupportedRewriteError",
    "UntypedAttributeError",
    "VerificationError",
]
