"""Runs inside Blender: times operations beside Blender's own modifiers, on the same meshes.

Started by `compare.py`.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))

from background import connect, note

ROUNDS = 5


def sphere(subdivisions: int, x: float = 0) -> bpy.types.Object:
    name = f"Sphere {subdivisions}"
    if name not in bpy.data.meshes:
        bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=subdivisions)
        bpy.context.object.data.name = name
        bpy.data.meshes[name].use_fake_user = True
    ob = bpy.data.objects.new(name, bpy.data.meshes[name].copy())
    bpy.context.scene.collection.objects.link(ob)
    ob.location.x = x
    for other in bpy.context.view_layer.objects:
        other.select_set(other == ob)
    bpy.context.view_layer.objects.active = ob
    return ob


def modifier(kind: str, **values: object) -> Callable[[], None]:
    def apply() -> None:
        made = bpy.context.object.modifiers.new("Counterpart", kind)
        for name, value in values.items():
            setattr(made, name, value() if callable(value) else value)
        bpy.ops.object.modifier_apply(modifier=made.name)

    return apply


def operation(name: str, **values: object) -> Callable[[], None]:
    def run() -> None:
        assert getattr(bpy.ops.outboard, name)(**values) == {"FINISHED"}

    return run


def clouds() -> bpy.types.Texture:
    texture = bpy.data.textures.new("Clouds", "CLOUDS")
    texture.noise_scale, texture.noise_depth = 1, 3
    return texture


def second() -> bpy.types.Object:
    return bpy.data.objects["Second"]


def boolean(solver: str) -> Callable[[], None]:
    return modifier("BOOLEAN", operation="DIFFERENCE", solver=solver, object=second)


# What is compared -> the sphere's subdivisions, the operation, Blender's ways to do it.
COMPARED = {
    "displace_noise": (
        *(7, operation("displace_noise", strength=0.2, seed=1)),
        {"Displace, clouds": modifier("DISPLACE", texture=clouds, strength=0.2)},
    ),
    "smooth_mesh": (
        *(7, operation("smooth_mesh", iterations=10)),
        {
            # One of our passes is two of these: there and back.
            "Smooth": modifier("SMOOTH", factor=0.5, iterations=20),
            "Laplacian Smooth": modifier("LAPLACIANSMOOTH", iterations=1),
        },
    ),
    "simplify_mesh": (
        *(6, operation("simplify_mesh", target_ratio_ratio=0.1)),
        {"Decimate": modifier("DECIMATE", ratio=0.1)},
    ),
    "boolean_meshes": (
        *(6, operation("boolean_meshes", second_object="Second", operation="difference")),
        {
            "Boolean, exact": boolean("EXACT"),
            "Boolean, float": boolean("FLOAT"),
            # Blender's third way, Manifold, is not in every build: there it does nothing.
        },
    ),
}


def timed(subdivisions: int, work: Callable[[], None]) -> float:
    """Do it on a fresh sphere, and tell the milliseconds."""
    for ob in list(bpy.data.objects):
        bpy.data.objects.remove(ob)
    bpy.data.orphans_purge()
    bpy.context.view_layer.update()
    sphere(subdivisions, 0.7).name = "Second"
    ob = sphere(subdivisions)
    there, before = set(bpy.data.objects), [tuple(it.co) for it in ob.data.vertices[:5]]
    count = len(ob.data.vertices)
    bpy.context.view_layer.update()
    started = time.perf_counter()
    work()
    took = 1000 * (time.perf_counter() - started)
    # What does nothing is quick.
    (made,) = set(bpy.data.objects) - there or {ob}
    after = [tuple(it.co) for it in made.data.vertices[:5]]
    assert after and (len(made.data.vertices) != count or after != before), work
    return took


def main() -> None:
    connect()
    for name in sys.argv[sys.argv.index("--") + 1 :]:
        subdivisions, ours, theirs = COMPARED[name]
        ways = {"ours": ours, **theirs}
        times = {way: [] for way in ways}
        # By turns, so that what else the machine does concerns all alike; the first warms up.
        for at in range(ROUNDS + 1):
            for way, work in ways.items():
                took = timed(subdivisions, work)
                times[way] += [took] if at else []
        own = times.pop("ours")
        for way, those in times.items():
            ratios = [mine / other for mine, other in zip(own, those, strict=True)]
            row = {
                "operation": name,
                "triangles": 20 * 4 ** (subdivisions - 1),
                "ms": round(statistics.median(own), 1),
                "counterpart": way,
                "its_ms": round(statistics.median(those), 1),
                "ratio": round(statistics.median(ratios), 2),
                "note": note(name),
            }
            print("COMPARED", json.dumps(row), flush=True)


main()
