"""The studio in which all pictures are taken, inside Blender: light, colours, camera, props."""

import math
from collections.abc import Sequence
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector

SIZE = (480, 270)
EXPOSURE = 0.55
BACKGROUND = (0.022, 0.0235, 0.027)
# Linear, with alpha: what was there before, what came out of it, and what else took part.
BEFORE = (0.45, 0.47, 0.51, 1)
AFTER = (1.0, 0.30, 0.04, 1)
OTHER = (0.07, 0.30, 0.75, 1)
DARK = (0.09, 0.095, 0.105, 1)
# Five that are told apart easily, by the colour-blind too.
PALETTE = np.array(
    [
        (0.90, 0.32, 0.05),
        (0.07, 0.35, 0.75),
        (0.03, 0.50, 0.32),
        (0.85, 0.60, 0.05),
        (0.6, 0.2, 0.5),
    ]
)


def clear() -> None:
    """Leave an empty scene, without what was in the last picture."""
    for blocks in (bpy.data.objects, bpy.data.collections, bpy.data.meshes, bpy.data.cameras):
        for block in list(blocks):
            blocks.remove(block)
    bpy.data.orphans_purge(do_recursive=True)


def active() -> bpy.types.Object:
    """Give the object that was made or used last."""
    return bpy.context.view_layer.objects.active


def activate(*objects: bpy.types.Object) -> None:
    """Select these objects alone; the last one is the active one."""
    bpy.context.view_layer.update()
    for ob in bpy.context.view_layer.objects:
        ob.select_set(ob in objects)
    bpy.context.view_layer.objects.active = objects[-1]


def made(collection: str) -> bpy.types.Object:
    """Give the one object that an operation made."""
    (ob,) = bpy.data.collections[collection].objects
    return ob


def run(name: str, **values: object) -> None:
    """Run an operation by its operator, as a script would."""
    assert getattr(bpy.ops.outboard, name)(**values) == {"FINISHED"}, name


def add(
    name: str, points: Sequence, faces: Sequence = (), edges: Sequence = ()
) -> bpy.types.Object:
    """Add a mesh object, the active one."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(map(float, it)) for it in points], edges, faces)
    ob = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(ob)
    activate(ob)
    return ob


def copied(ob: bpy.types.Object) -> bpy.types.Object:
    """Copy an object with its mesh."""
    copy = ob.copy()
    copy.data = ob.data.copy()
    bpy.context.scene.collection.objects.link(copy)
    return copy


def monkey(levels: int = 0, turn: float = -25) -> bpy.types.Object:
    """Add Suzanne, rounder with more levels, and turn her by so many degrees."""
    bpy.ops.mesh.primitive_monkey_add(rotation=(0, 0, math.radians(turn)))
    if levels:
        active().modifiers.new("Subdivision", "SUBSURF").levels = levels
        bpy.ops.object.modifier_apply(modifier="Subdivision")
    return active()


def paint(colour: Sequence[float], *objects: bpy.types.Object, smooth: bool | None = None) -> None:
    """Give objects a colour, and smooth or flat faces where asked to."""
    for ob in objects:
        ob.color = colour
        if smooth is not None:
            ob.data.polygons.foreach_set("use_smooth", [smooth] * len(ob.data.polygons))


def paint_points(ob: bpy.types.Object, colours: np.ndarray) -> None:
    """Give each point of a mesh a linear colour, (n, 3)."""
    layer = ob.data.color_attributes.new("Picture", "FLOAT_COLOR", "POINT")
    opaque = np.column_stack([colours, np.ones(len(colours))])
    layer.data.foreach_set("color", opaque.astype(np.float32).ravel())
    ob.data.color_attributes.active_color = layer


def positions(ob: bpy.types.Object) -> np.ndarray:
    """Read the points of a mesh, float64."""
    flat = np.empty(3 * len(ob.data.vertices))
    ob.data.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def values(ob: bpy.types.Object, attribute: str) -> np.ndarray:
    """Read an attribute of numbers."""
    data = ob.data.attributes[attribute].data
    flat = np.empty(len(data))
    data.foreach_get("value", flat)
    return flat


def triangles(ob: bpy.types.Object) -> np.ndarray:
    """Read the triangles of a mesh."""
    ob.data.calc_loop_triangles()
    flat = np.empty(3 * len(ob.data.loop_triangles), np.int32)
    ob.data.loop_triangles.foreach_get("vertices", flat)
    return flat.reshape(-1, 3)


def volume(ob: bpy.types.Object) -> float:
    """Measure the volume within a closed mesh."""
    a, b, c = (positions(ob)[triangles(ob)[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def balls(
    points: np.ndarray, radius: float, colours: np.ndarray | Sequence[float]
) -> bpy.types.Object:
    """Show points as balls, in one mesh; colours are one for all or one for each."""
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=2, radius=radius)
    one = active()
    shape, faces = positions(one), triangles(one)
    bpy.data.objects.remove(one)
    everywhere = (np.asarray(points)[:, None] + shape).reshape(-1, 3)
    shifted = (faces + len(shape) * np.arange(len(points))[:, None, None]).reshape(-1, 3)
    ob = add("Balls", everywhere, shifted.tolist())
    paint(AFTER, ob, smooth=True)
    if np.ndim(colours) == 2:
        paint_points(ob, np.repeat(colours, len(shape), axis=0))
    else:
        ob.color = colours
    return ob


def bars(
    ob: bpy.types.Object,
    pairs: Sequence[tuple[int, int]],
    radius: float,
    colour: Sequence[float] = DARK,
) -> None:
    """Show edges between the points of a mesh as round bars."""
    bpy.context.view_layer.update()
    curve = bpy.data.curves.new("Bars", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution = "3D", radius, 1
    at = positions(ob)
    for pair in pairs:
        spline = curve.splines.new("POLY")
        spline.points.add(1)
        spline.points.foreach_set("co", [x for k in pair for x in (*at[k], 1)])
    shown = bpy.data.objects.new("Bars", curve)
    bpy.context.scene.collection.objects.link(shown)
    shown.matrix_world = ob.matrix_world
    shown.color = colour


def beside(
    before: Sequence[bpy.types.Object], after: Sequence[bpy.types.Object], gap: float = 0.7
) -> None:
    """Put what was before on the left and what is after on the right, an arrow between them."""
    bpy.context.view_layer.update()
    left, right = -gap / 2 - _ends(before, 0)[1], gap / 2 - _ends(after, 0)[0]
    for group, x in ((before, left), (after, right)):
        for ob in group:
            ob.location.x += x
    bpy.context.view_layer.update()
    heights = [_ends(group, 2) for group in (before, after)]
    tip = np.array([(-0.6, 0, -0.9), (0.9, 0, 0), (-0.6, 0, 0.9), (-0.2, 0, 0)])
    points = tip * 0.3 * gap + (-0.05 * gap, 0, np.mean(heights))
    paint((0.75, 0.77, 0.8, 1), add("Arrow", points, [(0, 1, 3), (3, 1, 2)]))


def _ends(group: Sequence[bpy.types.Object], axis: int) -> tuple[float, float]:
    """Tell from where to where objects reach along an axis of the world."""
    at = np.concatenate([_in_world(ob.matrix_world, positions(ob)) for ob in group])
    return float(at[:, axis].min()), float(at[:, axis].max())


def _in_world(matrix: Matrix, at: np.ndarray) -> np.ndarray:
    by = np.array(matrix)
    return at @ by[:3, :3].T + by[:3, 3]


def render(path: Path, *, tall: float = 18, colours: str = "OBJECT", flat: bool = False) -> None:
    """Take the picture of everything there is, seen from the front.

    Parameters
    ----------
    path : pathlib.Path
        Where it goes.
    tall : float
        How many degrees from above.
    colours : str
        OBJECT, or VERTEX for painted points.
    flat : bool
        Without light, where the colours say it all.
    """
    scene = bpy.context.scene
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    camera.data.lens = 85
    camera.rotation_euler = (math.radians(90 - tall), 0, 0)
    scene.camera = camera
    render = scene.render
    render.engine = "BLENDER_WORKBENCH"
    render.resolution_x, render.resolution_y, render.resolution_percentage = *SIZE, 100
    bpy.context.view_layer.update()
    outline = _outline()
    graph = bpy.context.evaluated_depsgraph_get()
    place, _ = camera.camera_fit_coords(graph, outline.ravel().tolist())
    # A little further away, to leave a margin.
    back = camera.rotation_euler.to_matrix() @ Vector((0, 0, 1))
    camera.location = place + 0.06 * (place - Vector(outline.mean(0))).length * back
    camera.data.clip_end = 1000
    shading = scene.display.shading
    shading.light = "FLAT" if flat else "STUDIO"
    shading.color_type = colours
    shading.show_shadows, shading.shadow_intensity = not flat, 0.35
    scene.display.shadow_shift, scene.display.light_direction = 0.1, (0.45, 0.3, 0.84)
    shading.show_cavity, shading.cavity_type = not flat, "WORLD"
    shading.show_specular_highlight = False
    scene.display.render_aa = "16"
    scene.world = scene.world or bpy.data.worlds.new("World")
    scene.world.color = BACKGROUND
    scene.view_settings.view_transform, scene.view_settings.exposure = "Standard", EXPOSURE
    render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
    render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def _outline() -> np.ndarray:
    """Give points of all that shows, (n, 3), in the world."""
    found = []
    for it in bpy.context.evaluated_depsgraph_get().object_instances:
        # Bars are curves, between points that show as well.
        if it.object.original.type != "MESH":
            continue
        at = np.array(it.object.bound_box) if it.is_instance else positions(it.object)
        found.append(_in_world(it.matrix_world, at))
    return np.concatenate(found)


def turned(degrees: float) -> Matrix:
    """Give the matrix that turns about Z."""
    return Matrix.Rotation(math.radians(degrees), 4, "Z")
