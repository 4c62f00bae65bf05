"""What scripts give becomes what operations take, or is refused in words."""

from typing import Any

import numpy as np
import pytest

from outboard.bridge import OutboardError
from outboard.bridge.fit_inputs import fit_inputs

NAN, INF = float("nan"), float("inf")


def entry(*dtypes: str) -> dict[str, Any]:
    dtype = dtypes[0] if len(dtypes) == 1 else list(dtypes)
    return {
        "name": "twist",
        "params": {"properties": {"angle": {"type": "number"}}, "additionalProperties": False},
        "inputs": {"points": {"dtype": dtype}},
    }


def fit(value: object, *dtypes: str) -> np.ndarray:
    return fit_inputs(entry(*dtypes), {}, {"points": value})["points"]


@pytest.mark.parametrize(
    ("value", "dtypes", "wanted"),
    [
        ([[1, 0, 1]], ["float32"], np.array([[1, 0, 1]], np.float32)),
        ([0.1, NAN, INF], ["float32"], np.array([0.1, NAN, INF], np.float32)),
        ([1, 2], ["uint32"], np.array([1, 2], np.uint32)),
        ([1.0, 2.0], ["int32"], np.array([1, 2], np.int32)),
        ([True, False], ["uint8"], np.array([1, 0], np.uint8)),
        (np.array([1, 2**24]), ["float32"], np.array([1, 2**24], np.float32)),
        (np.array([0.5, NAN]), ["float32"], np.array([0.5, NAN], np.float32)),
        (np.array([0.1]), ["float32", "float64"], np.array([0.1])),
        (np.array([0.1], np.float16), ["float32"], np.array([0.1], np.float16).astype(np.float32)),
        (np.array([2**24 + 1]), ["float32", "float64"], np.array([2.0**24 + 1])),
    ],
)
def test_values_are_kept(value: object, dtypes: list[str], wanted: np.ndarray) -> None:
    fitted = fit(value, *dtypes)
    assert fitted.dtype == wanted.dtype
    np.testing.assert_array_equal(fitted, wanted)


def test_an_array_that_fits_is_not_copied() -> None:
    points = np.zeros((2, 3), np.float32)
    assert fit(points, "float64", "float32") is points


@pytest.mark.parametrize(
    ("value", "dtype", "came"),
    [
        (np.array([0.1]), "float32", "float64"),
        ([1e300], "float32", "float64"),
        ([1.5], "int32", "float64"),
        ([NAN], "int32", "float64"),
        ([-1], "uint8", "int64"),
        (np.array([2**24 + 1]), "float32", "int64"),
        ([2**31], "int32", "int64"),
        (["a"], "float32", "str32"),
        ([1j], "float32", "complex128"),
    ],
)
def test_values_that_would_change_are_refused(value: object, dtype: str, came: str) -> None:
    with pytest.raises(OutboardError) as refused:
        fit(value, dtype)
    assert refused.value.code == "INVALID_DTYPE"
    assert str(refused.value).startswith(
        f"Cannot run 'twist': 'points' must be {dtype}, got {came}"
    )


def test_uneven_lists_are_refused() -> None:
    with pytest.raises(OutboardError, match="must be lists of equal length") as refused:
        fit([[1, 2], [3]], "float32")
    assert refused.value.code == "INVALID_ARRAY"


def test_a_parameter_among_the_inputs_is_told() -> None:
    with pytest.raises(OutboardError, match="'angle' is a parameter, wanted it in params"):
        fit_inputs(entry("float32"), {}, {"points": [1], "angle": 3})


def test_an_unknown_parameter_is_told_before_anything_else() -> None:
    with pytest.raises(OutboardError, match="'angel' is not a known key"):
        fit_inputs(entry("float32"), {"angel": 3}, {"points": ["a"]})


def test_an_unknown_input_is_left_to_the_server() -> None:
    assert fit_inputs(entry("float32"), {}, {"pionts": [1]})["pionts"].tolist() == [1]
