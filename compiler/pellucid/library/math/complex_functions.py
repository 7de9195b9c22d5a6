"""`cmath`: functions of complex numbers, by CPython's methods (Modules/cmathmodule.c, after Kahan).

Unlike Python: nothing raises; outside the domain the result is infinite or NaN. A real number is
taken as complex. complex64 is computed in double and rounded.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload
from pellucid.library.builtins.arithmetic import divide, make_complex
from pellucid.library.builtins.floats import copysign
from pellucid.library.builtins.promotion import number, real
from pellucid.types import EllipsisType, complex64, complex128, float32, float64
