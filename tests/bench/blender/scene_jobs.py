"""Meshes and objects through the server, and the same by numpy or a bare loop in Blender."""

import itertools
import time
from functools import cache

import bpy
import extension
import numpy as np
from made_points import ROTATION, SCALE, check_transformed, made_points, transform
from mathutils import Matrix

_steps = itertools.count(1)


@cache
def _cloud(count: int) -> bpy.types.Object:
    mesh = bpy.data.meshes.new("Points")
    mesh.vertices.add(count)
    ob = bpy.data.objects.new("Points", mesh)
    bpy.context.collection.objects.link(ob)
    return ob


def _fresh(count: int) -> bpy.types.Mesh:
    """The mesh of made points, active and as it was made."""
    ob = _cloud(count)
    bpy.context.view_layer.objects.active = ob
    _positions(ob.data).foreach_set("vector", made_points(count).reshape(-1))
    ob.data.update()
    return ob.data


def _positions(mesh: bpy.types.Mesh) -> bpy.types.bpy_prop_collection:
    return mesh.attributes["position"].data


def _read(mesh: bpy.types.Mesh) -> np.ndarray:
    points = np.empty((len(mesh.vertices), 3), np.float32)
    _positions(mesh).foreach_get("vector", points.reshape(-1))
    return points


def mesh_by_server(count: int) -> float:
    """Transform all vertices as the button does; milliseconds."""
    mesh, step = _fresh(count), next(_steps)
    translation = transform(step)[2].tolist()
    ms = extension.run("transform_points", translation=translation, rotation=ROTATION, scale=SCALE)
    check_transformed(_read(mesh), count, step)
    return ms


def mesh_by_numpy(count: int) -> float:
    """Transform all vertices in Blender's own Python; milliseconds."""
    mesh, step = _fresh(count), next(_steps)
    _, matrix, translation = transform(step)
    begun = time.perf_counter()
    points = _read(mesh) @ matrix.T + translation
    _positions(mesh).foreach_set("vector", points.reshape(-1))
    mesh.update()
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(_read(mesh), count, step)
    return ms


@cache
def _objects(count: int) -> list[bpy.types.Object]:
    made = []
    for number in range(count):
        ob = bpy.data.objects.new(f"Empty {number}", None)
        bpy.context.collection.objects.link(ob)
        made.append(ob)
    return made


def _place(count: int) -> tuple[list[bpy.types.Object], np.ndarray]:
    """Objects at made points, the only ones selected, and their matrices."""
    objects, points = _objects(count), made_points(count)
    for ob in bpy.context.view_layer.objects:
        ob.select_set(False)
    for ob, point in zip(objects, points.tolist(), strict=True):
        ob.location = point
        ob.select_set(True)
    bpy.context.view_layer.update()
    matrices = np.tile(np.eye(4, dtype=np.float32), (count, 1, 1))
    matrices[:, :3, 3] = points
    return objects, matrices


def _check_moved(objects: list[bpy.types.Object], points: np.ndarray, by: list[float]) -> None:
    moved = np.array([ob.location for ob in objects], np.float32)
    np.testing.assert_allclose(moved, points + np.array(by, np.float32), rtol=0, atol=2e-6)


def objects_by_server(count: int) -> float:
    """Move objects as the button does; milliseconds."""
    objects, _ = _place(count)
    by = [float(next(_steps) % 7), 1.0, -2.0]
    ms = extension.run("transform_objects", translation=by)
    _check_moved(objects, made_points(count), by)
    return ms


def objects_by_loop(count: int) -> float:
    """Write matrices that are there already into the same objects; milliseconds."""
    objects, matrices = _place(count)
    by = [float(next(_steps) % 7), 1.0, -2.0]
    matrices[:, :3, 3] += np.array(by, np.float32)
    ready = [Matrix(rows) for rows in matrices.tolist()]
    begun = time.perf_counter()
    for ob, matrix in zip(objects, ready, strict=True):
        ob.matrix_world = matrix
    ms = (time.perf_counter() - begun) * 1000
    _check_moved(objects, made_points(count), by)
    return ms


def longest_tick(count: int) -> float:
    """The longest single step of the extension while points move both ways; milliseconds."""
    connection, pump = extension.module("scene.connection"), extension.module("scene.pump")
    points, step = made_points(count), next(_steps)
    steps = []

    def timed(function: object, *args: object) -> object:
        begun = time.perf_counter()
        result = function(*args)
        steps.append(time.perf_counter() - begun)
        return result

    client = connection.client()
    job = timed(client.run, "transform_points", transform(step)[0], {"points": points})
    while not job.done:
        timed(pump.tick)
        client.sleep(0.005)
    if job.error is not None:
        raise job.error
    check_transformed(job.result.outputs["points"], count, step)
    return max(steps) * 1000


FUNCTIONS = {
    it.__name__: it
    for it in (mesh_by_server, mesh_by_numpy, objects_by_server, objects_by_loop, longest_tick)
}
