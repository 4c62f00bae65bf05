"""Makes what a script has into the arrays that an operation takes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import OutboardError


def fit_inputs(
    entry: Mapping[str, Any], params: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    """Convert lists and arrays of other element types, where that loses nothing.

    Numbers in lists are rounded to floats of the wanted size; those in arrays are not.

    Parameters
    ----------
    entry : mapping
        The operation, as the catalogue has it.
    params : mapping
        Looked at for their names only.
    inputs : mapping of str to array_like
        Those that the operation does not know are left to the server to refuse.

    Raises
    ------
    OutboardError
        INVALID_PARAMS for a parameter that there is not, or that was given as an input;
        INVALID_ARRAY or INVALID_DTYPE for an input that cannot be converted.
    """
    action = f"Cannot run '{entry['name']}'"
    known = entry["params"].get("properties", {})
    takes_others = entry["params"].get("additionalProperties") is not False
    for name in params:
        if name not in known and not takes_others:
            raise OutboardError("INVALID_PARAMS", f"{action}: '{name}' is not a known key")
    for name in inputs:
        if name not in entry["inputs"] and name in known:
            raise OutboardError(
                "INVALID_PARAMS", f"{action}: '{name}' is a parameter, wanted it in params"
            )
    return {name: _fit(action, name, it, entry["inputs"].get(name)) for name, it in inputs.items()}


def _fit(action: str, name: str, value: Any, spec: Mapping[str, Any] | None) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise OutboardError(
            "INVALID_ARRAY", f"{action}: '{name}' must be lists of equal length, got uneven ones"
        ) from error
    wanted = _accepted(spec)
    if not wanted or array.dtype.name in wanted:
        return array
    may_round = array.dtype.kind == "f" and not isinstance(value, np.ndarray)
    for dtype in wanted if array.dtype.kind in "fiub" else ():
        fitted = _converted(array, np.dtype(dtype), may_round=may_round)
        if fitted is not None:
            return fitted
    raise OutboardError(
        "INVALID_DTYPE",
        f"{action}: '{name}' must be {' or '.join(wanted)}, got {array.dtype.name} whose values "
        f"it cannot all hold; use .astype('{wanted[0]}') to convert them all the same",
    )


def _accepted(spec: Mapping[str, Any] | None) -> Sequence[str]:
    dtype = spec["dtype"] if spec else ()
    return (dtype,) if isinstance(dtype, str) else dtype


def _converted(array: np.ndarray, dtype: np.dtype, *, may_round: bool) -> np.ndarray | None:
    """Convert `array`, or return None where that would change its values."""
    # What does not fit is found by its value; numpy need not warn of it.
    with np.errstate(all="ignore"):
        fitted = array.astype(dtype)
        if may_round and dtype.kind == "f":
            is_same = np.array_equal(np.isfinite(fitted), np.isfinite(array))
        else:
            back = fitted.astype(array.dtype)
            is_same = np.array_equal(back, array, equal_nan=array.dtype.kind == "f")
    return fitted if is_same else None
