"""Checks that results fit, and their conversion to what Blender stores."""

import numpy as np

from ..subjects import Misfit, Refused, quoted


def floats(array: np.ndarray, *shape: int | None) -> np.ndarray:
    """Give `array` as finite float32 in C order; None in `shape` stands for any size.

    Raises
    ------
    Refused
        When it is something else.
    """
    _check_shape(array, shape)
    if array.dtype.kind not in "fiu":
        raise Refused(f"The result is made of {array.dtype}, where numbers were wanted")
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(result).all():
        raise Refused("The result has values that are infinite or not a number")
    return result


def check_finite(name: str, array: np.ndarray) -> None:
    """Refuse the output `name` if it has numbers that nothing in Blender can be.

    Raises
    ------
    Misfit
        Naming the first row that has one, counted from 0 as Blender counts vertices.
    """
    if array.dtype.kind != "f":
        return
    with np.errstate(over="ignore"):
        is_good = np.isfinite(np.asarray(array, np.float32))
    if is_good.all():
        return
    place = np.unravel_index(np.argmin(is_good), array.shape)
    worst = array[place]
    what = "not a number" if np.isnan(worst) else "infinite" if np.isinf(worst) else "too large"
    row = f" in row {place[0]:,}" if place else ""
    raise Misfit(f"The result {quoted(name)} is {what}{row}", is_hopeless=True)


def indices(array: np.ndarray, width: int, count: int, what: str) -> np.ndarray:
    """Give `array` as int32 (m, `width`), each number naming one of `count` vertices.

    Raises
    ------
    Refused
        When it is something else, or names a vertex that is not there.
    """
    _check_shape(array, (None, width))
    if array.dtype.kind not in "iu":
        raise Refused(f"The {what} are made of {array.dtype}, where whole numbers were wanted")
    if array.size:
        low, high = int(array.min()), int(array.max())
        if low < 0 or high >= count:
            bad = low if low < 0 else high
            raise Refused(f"The {what} name vertex {bad}, and there are {count:,} vertices")
    return np.ascontiguousarray(array, np.int32)


def _check_shape(array: np.ndarray, shape: tuple[int | None, ...]) -> None:
    fits = array.ndim == len(shape) and all(
        want in (None, got) for got, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        raise Refused(f"The result has the shape {array.shape} where ({wanted}) was wanted")
