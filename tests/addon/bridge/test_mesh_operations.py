"""Operations on meshes, as a script calls them: over the wire, checked with numpy."""

import numpy as np
import pytest
from meshes import area, box, grid, run, volume

from outboard.bridge import Client, OutboardError


def test_displace_noise_moves_along_normals(connected: Client) -> None:
    points, _ = grid(50)
    normals = np.tile(np.float32([0, 0, 3]), (len(points), 1))
    params = {"seed": 3, "strength": 0.5, "scale": 0.2}
    moved = run(connected, "displace_noise", params, points=points, normals=normals)["points"]
    assert moved.dtype == np.float32
    np.testing.assert_array_equal(moved[:, :2], points[:, :2])
    assert 0.1 < np.abs(moved[:, 2]).max() < 0.5
    assert abs(moved[:, 2].mean()) < 0.1
    again = run(connected, "displace_noise", params, points=points, normals=normals)["points"]
    assert again.tobytes() == moved.tobytes()


def test_smooth_mesh_takes_noise_out(connected: Client) -> None:
    points, triangles = grid(50)
    rng = np.random.default_rng(5)
    points[:, 2] += rng.normal(0, 0.01, len(points)).astype(np.float32)
    smooth = run(connected, "smooth_mesh", {}, points=points, triangles=triangles)["points"]
    assert smooth[:, 2].std() < 0.5 * points[:, 2].std()
    rim = ((points[:, :2] == 0) | (points[:, :2] == 1)).any(axis=1)
    np.testing.assert_array_equal(smooth[rim], points[rim])


def test_scatter_on_surface_follows_density(connected: Client) -> None:
    points, triangles = grid(20)
    params = {"seed": 8, "distribution": {"kind": "random", "count": 20_000}}
    inputs = {"points": points, "triangles": triangles, "density": points[:, 0].copy()}
    outputs = run(connected, "scatter_on_surface", params, **inputs)
    assert outputs["matrices"].shape == (20_000, 4, 4)
    np.testing.assert_array_equal(outputs["matrices"][:, :3, 3], outputs["points"])
    # Density x gives the distribution function x^2: a quarter lies left of the middle.
    assert abs((outputs["points"][:, 0] < 0.5).mean() - 0.25) < 0.02
    axes = outputs["matrices"][:, :3, :3].astype(np.float64)
    np.testing.assert_allclose(axes @ axes.swapaxes(1, 2), np.eye(3)[None] + 0 * axes, atol=1e-6)


def test_simplify_mesh_keeps_area_and_uvs(connected: Client) -> None:
    points, triangles = grid(40)
    uvs = points[triangles][:, :, :2].copy()
    params = {"target": {"kind": "ratio", "ratio": 0.1}}
    inputs = {"points": points, "triangles": triangles, "uvs": uvs}
    outputs = run(connected, "simplify_mesh", params, **inputs)
    assert len(outputs["triangles"]) <= 320
    assert abs(area(outputs["points"], outputs["triangles"]) - 1) < 1e-6
    np.testing.assert_array_equal(outputs["uvs"], outputs["points"][outputs["triangles"]][:, :, :2])


@pytest.mark.parametrize(
    ("operation", "wanted"), [("union", 1.875), ("difference", 0.875), ("intersection", 0.125)]
)
def test_boolean_meshes_have_the_volume(connected: Client, operation: str, wanted: float) -> None:
    points, triangles = box(0, 1)
    other, _ = box(0.5, 1.5)
    inputs = {"points": points, "triangles": triangles}
    second = {"secondPoints": other, "secondTriangles": triangles}
    params = {"operation": operation}
    outputs = run(connected, "boolean_meshes", params, **inputs, **second)
    assert abs(volume(outputs["points"], outputs["triangles"]) - wanted) < 1e-6


def test_boolean_meshes_say_where_a_mesh_is_open(connected: Client) -> None:
    points, triangles = box(0, 1)
    second = {"secondPoints": points, "secondTriangles": triangles[1:]}
    with pytest.raises(OutboardError, match=r"second mesh .* 3 edges are not between") as caught:
        run(connected, "boolean_meshes", {}, points=points, triangles=triangles, **second)
    assert caught.value.data["count"] == 3
    assert len(caught.value.data["edges"]) == 3
