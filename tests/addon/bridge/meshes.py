"""Meshes for tests, what can be measured of them, and operations run over the wire."""

from typing import Any

import numpy as np

from outboard.bridge import Client

ANSWERED_WITHIN = 30.0


def run(client: Client, name: str, params: dict[str, Any], **inputs: np.ndarray) -> dict[str, Any]:
    """Run an operation and return its outputs."""
    job = client.run(name, params, inputs)
    assert client.wait(job, ANSWERED_WITHIN), f"{client.state}: {client.line}"
    if job.error is not None:
        raise job.error
    return job.result.outputs


def grid(cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the points and triangles of a flat square of side 1."""
    side = cells + 1
    y, x = np.mgrid[0:side, 0:side] / cells
    points = np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3).astype(np.float32)
    corner = (np.arange(cells)[:, None] * side + np.arange(cells)).reshape(-1, 1)
    halves = np.array([[0, 1, side + 1], [0, side + 1, side]])
    triangles = (corner[:, None] + halves).reshape(-1, 3).astype(np.uint32)
    return points, triangles


def box(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the points and outward triangles of a cube."""
    corners = (np.arange(8)[:, None] >> np.arange(3)) & 1
    points = np.where(corners == 1, high, low).astype(np.float32)
    quads = np.array(
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    )
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)
    return points, triangles


def volume(points: np.ndarray, triangles: np.ndarray) -> float:
    """Return the volume within a closed mesh."""
    a, b, c = (points[triangles[:, k]].astype(np.float64) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def area(points: np.ndarray, triangles: np.ndarray) -> float:
    """Return the area of a mesh."""
    a, b, c = (points[triangles[:, k]].astype(np.float64) for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
