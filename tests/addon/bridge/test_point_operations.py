"""Operations on points and objects, as a script calls them: over the wire, checked with numpy."""

import numpy as np
import pytest
from meshes import area, box, grid, run

from outboard.bridge import Client, OutboardError


def test_distance_to_mesh_is_that_to_a_box(connected: Client) -> None:
    mesh, triangles = box(-0.5, 0.5)
    points = np.random.default_rng(3).uniform(-1.5, 1.5, (5000, 3)).astype(np.float32)
    inputs = {"points": points, "secondPoints": mesh, "secondTriangles": triangles}
    # The distance to a box in closed form, negative inside.
    beyond = np.abs(points.astype(np.float64)) - 0.5
    outside = np.linalg.norm(np.maximum(beyond, 0), axis=1)
    wanted = outside + np.minimum(beyond.max(axis=1), 0)
    assert (wanted < 0).any()
    signed = run(connected, "distance_to_mesh", {"signed": True}, **inputs)["distances"]
    np.testing.assert_allclose(signed, wanted, atol=1e-6)
    unsigned = run(connected, "distance_to_mesh", {}, **inputs)["distances"]
    np.testing.assert_allclose(unsigned, np.abs(wanted), atol=1e-6)


def test_ambient_occlusion_below_a_disk_is_its_share_of_the_sky(connected: Client) -> None:
    radius, height, corners = 1.5, 1.0, 256
    turn = np.arange(corners) * 2 * np.pi / corners
    rim = np.stack([radius * np.cos(turn), radius * np.sin(turn), np.full(corners, height)], 1)
    middle = corners + 1
    points = np.concatenate([[[0, 0, 0]], rim, [[0, 0, height]]]).astype(np.float32)
    spokes = 1 + np.arange(corners)
    triangles = np.stack([np.full(corners, middle), spokes, np.roll(spokes, -1)], 1)
    normals = np.tile(np.float32([0, 0, 1]), (len(points), 1))
    inputs = {"points": points, "triangles": triangles.astype(np.int32), "normals": normals}
    params = {"samples": 4096, "distance": 0, "seed": 1}
    occlusion = run(connected, "ambient_occlusion", params, **inputs)["occlusion"]
    # Weighted by the cosine, a disk covers r^2 / (r^2 + h^2) of what is seen from below its middle.
    assert abs(occlusion[0] - (1 - radius**2 / (radius**2 + height**2))) < 0.01
    assert (occlusion[1:] == 1).all()
    near = run(connected, "ambient_occlusion", {**params, "distance": 0.9}, **inputs)["occlusion"]
    assert (near == 1).all()


def test_layout_graph_makes_a_ring_round(connected: Client) -> None:
    n = 12
    points = np.random.default_rng(5).uniform((2, -1, -1), (4, 1, 1), (n, 3)).astype(np.float32)
    edges = np.stack([np.arange(n), (np.arange(n) + 1) % n], 1).astype(np.int32)
    params = {"seed": 2, "flat": True, "steps": 600, "repulsion": 2}
    laid = run(connected, "layout_graph", params, points=points, edges=edges)["points"]
    lengths = np.linalg.norm(laid[edges[:, 0]] - laid[edges[:, 1]], axis=1)
    assert lengths.std() < 0.1 * lengths.mean()
    assert 1 < lengths.mean() < 2
    assert np.ptp(laid[:, 2]) == 0
    np.testing.assert_allclose(laid.mean(0), points.mean(0), atol=1e-4)
    # A round ring of this length has this radius.
    radii = np.linalg.norm(laid - laid.mean(0), axis=1)
    np.testing.assert_allclose(radii, lengths.sum() / (2 * np.pi), rtol=0.15)
    again = run(connected, "layout_graph", params, points=points, edges=edges)["points"]
    assert again.tobytes() == laid.tobytes()


def test_build_navmesh_keeps_away_from_edges(connected: Client) -> None:
    points, triangles = grid(10)
    points[:, :2] *= 10
    params = {"agentRadius": 0.5, "cellSize": 0.1}
    outputs = run(connected, "build_navmesh", params, points=points, triangles=triangles)
    walked, faces = outputs["points"], outputs["triangles"]
    assert walked[:, :2].min() > 0.4
    assert walked[:, :2].max() < 9.6
    assert np.abs(walked[:, 2]).max() < 0.2
    assert abs(area(walked, faces) - 9**2) < 4 * 9 * 0.2
    a, b, c = (walked[faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()
    turned = triangles[:, ::-1].copy()
    with pytest.raises(OutboardError, match="Nobody can walk on this mesh"):
        run(connected, "build_navmesh", params, points=points, triangles=turned)


def test_embed_points_keeps_neighbours_of_a_circle(connected: Client) -> None:
    n = 200
    turn = np.arange(n) * 2 * np.pi / n
    rng = np.random.default_rng(9)
    # A circle in a plane of ten dimensions that lies askew.
    plane = np.linalg.qr(rng.normal(size=(10, 2)))[0]
    values = np.stack([np.cos(turn), np.sin(turn)], 1) @ plane.T
    params = {"seed": 4, "neighbours": 8, "epochs": 200}
    places = run(connected, "embed_points", params, values=values)["points"]
    assert places.dtype == np.float32
    np.testing.assert_allclose(places.mean(0), 0, atol=1e-4)
    between = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(between, np.inf)
    # Who is nearest now was among the eight nearest then.
    steps = np.abs(between.argmin(1) - np.arange(n))
    assert np.mean(np.minimum(steps, n - steps) <= 4) > 0.95
    again = run(connected, "embed_points", params, values=values)["points"]
    assert again.tobytes() == places.tobytes()


def test_settle_objects_stacks_boxes_on_a_mesh(connected: Client) -> None:
    half, top = 0.5, 2.0
    table, triangles = box(-3, 3)
    table[:, 2] = np.where(table[:, 2] > 0, top, top - 1)
    heights = [2.7, 4.0, 9.0, 0.8]
    matrices = np.tile(np.eye(4), (4, 1, 1))
    matrices[:, 2, 3] = heights
    # The last one falls beside the table, to the floor.
    matrices[:, 0, 3] = [0, 0, 2, 6]
    bounds = np.tile(np.float32([[-half] * 3, [half] * 3]), (4, 1, 1))
    inputs = {"matrices": matrices, "bounds": bounds}
    obstacle = {"obstaclePoints": table, "obstacleTriangles": triangles}
    settled = run(connected, "settle_objects", {"bounce": 0}, **inputs, **obstacle)["matrices"]
    wanted = [top + half, top + 3 * half, top + half, half]
    np.testing.assert_allclose(settled[:, 2, 3], wanted, atol=0.02)
    np.testing.assert_allclose(settled[:, :2, 3], matrices[:, :2, 3], atol=0.02)
    axes = settled[:, :3, :3]
    np.testing.assert_allclose(axes @ axes.swapaxes(1, 2), np.tile(np.eye(3), (4, 1, 1)), atol=1e-6)


def test_transform_objects_turns_about_the_middle(connected: Client) -> None:
    rng = np.random.default_rng(6)
    matrices = np.tile(np.eye(4), (50, 1, 1))
    matrices[:, :3, :] = rng.normal(size=(50, 3, 4))
    params = {"rotation": [0, 0, np.pi / 2], "scale": [2, 2, 2], "translation": [1, 0, 0]}
    moved = run(connected, "transform_objects", params, matrices=matrices)["matrices"]
    turn = np.array([[0, -2, 0], [2, 0, 0], [0, 0, 2]])
    middle = matrices[:, :3, 3].mean(0)
    wanted = matrices.copy()
    wanted[:, :3, :3] = turn @ matrices[:, :3, :3]
    wanted[:, :3, 3] = (matrices[:, :3, 3] - middle) @ turn.T + middle + (1, 0, 0)
    np.testing.assert_allclose(moved, wanted, atol=1e-9)
