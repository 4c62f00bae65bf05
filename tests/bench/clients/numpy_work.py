"""What numpy takes for the same work, in this very process."""

import itertools
import time
from functools import cache

import numpy as np
from made_points import check_transformed, made_points, transform
from metaballs import check_field, field_by_numpy

_steps = itertools.count(1)


def affine(count: int) -> float:
    """`P @ A.T + t` of float32 points; milliseconds."""
    points, step = made_points(count), next(_steps)
    _, matrix, translation = transform(step)
    begun = time.perf_counter()
    result = points @ matrix.T + translation
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(result, count, step)
    return ms


def field(count: int) -> float:
    """The field of 60 balls; milliseconds."""
    points = made_points(count)
    begun = time.perf_counter()
    result = field_by_numpy(points)
    ms = (time.perf_counter() - begun) * 1000
    check_field(result, points)
    return ms


def copy(count: int) -> float:
    """Copy points from one array into another that is there already; milliseconds."""
    points, copied = made_points(count), _room(count)
    copied[-1] = 0
    begun = time.perf_counter()
    np.copyto(copied, points)
    ms = (time.perf_counter() - begun) * 1000
    np.testing.assert_array_equal(copied, points)
    return ms


@cache
def _room(count: int) -> np.ndarray:
    return np.zeros((count, 3), np.float32)


def normals(count: int) -> float:
    """Philox's normal numbers, float32, into an array that is there already; milliseconds."""
    random, out = _philox(), _row(count)
    begun = time.perf_counter()
    random.standard_normal(dtype=np.float32, out=out)
    ms = (time.perf_counter() - begun) * 1000
    assert abs(float(out.mean(dtype=np.float64))) < 6 / np.sqrt(count)
    assert abs(float(out.std(dtype=np.float64)) - 1) < 6 / np.sqrt(count)
    return ms


def uniforms(count: int) -> float:
    """Philox's uniform numbers, float32, into an array that is there already; milliseconds."""
    random, out = _philox(), _row(count)
    begun = time.perf_counter()
    random.random(dtype=np.float32, out=out)
    ms = (time.perf_counter() - begun) * 1000
    assert abs(float(out.mean(dtype=np.float64)) - 0.5) < 2 / np.sqrt(count)
    assert 0 <= float(out.min()) <= float(out.max()) < 1
    return ms


@cache
def _philox() -> np.random.Generator:
    return np.random.Generator(np.random.Philox(20261122))


@cache
def _row(count: int) -> np.ndarray:
    return np.zeros(count, np.float32)


FUNCTIONS = {
    "affine": affine,
    "field": field,
    "copy": copy,
    "normals": normals,
    "uniforms": uniforms,
}
