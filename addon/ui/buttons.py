"""The table of buttons: source -> operation -> target, and the fields of each.

Nothing else knows these operations, so that a table made from the server's catalogue can take
this one's place.
"""

from collections.abc import Mapping

from bpy.props import EnumProperty, FloatProperty, FloatVectorProperty, IntProperty

from ..scene.calls import SEEDS, Call

TRANSLATION = FloatVectorProperty(
    name="Translation", description="How far to move", subtype="TRANSLATION", unit="LENGTH"
)
ROTATION = FloatVectorProperty(
    name="Rotation", description="Turn about X, then Y, then Z", subtype="EULER", unit="ROTATION"
)
SCALE = FloatVectorProperty(
    name="Scale", description="Scale along each axis", subtype="XYZ", default=(1, 1, 1)
)
SEED = IntProperty(
    name="Seed", description="The same seed gives the same result", min=0, max=SEEDS - 1
)


def _move_cube_params(values: Mapping[str, object]) -> dict[str, object]:
    kind = values["spread"].lower()
    return {
        "count": 1,
        "distribution": {"kind": kind, "radius": values["distance"]},
        "seed": values["seed"],
    }


MOVE_CUBE = Call(
    name="move_cube_random",
    title="Move Cube Random",
    description="Move the object named Cube, else the active object, by a random vector from the "
    "server",
    icon="MESH_CUBE",
    operation="random_vectors",
    sources={},
    targets={"vectors": "cube.location.add"},
    fields={
        "distance": FloatProperty(
            name="Distance",
            description="How far the object moves, or at most moves",
            unit="LENGTH",
            default=1,
            min=0.0001,
            soft_max=100,
            max=1e6,
        ),
        "spread": EnumProperty(
            name="Spread",
            description="How the random vector is drawn",
            items=[
                ("ON_SPHERE", "Exact Distance", "In a random direction by exactly the distance"),
                ("IN_BALL", "Up to Distance", "To a random point within the distance"),
            ],
        ),
        "seed": SEED,
    },
    params=_move_cube_params,
    drawn=frozenset({"seed"}),
)

TRANSFORM_MESH = Call(
    name="transform_mesh",
    title="Transform Mesh",
    description="Move, turn and scale the vertices of the active mesh in the object's own space",
    icon="MESH_DATA",
    operation="transform_points",
    sources={"points": "mesh.points"},
    targets={"points": "mesh.points"},
    fields={
        "translation": TRANSLATION,
        "rotation": ROTATION,
        "scale": SCALE,
        "pivot": FloatVectorProperty(
            name="Pivot",
            description="The point to turn and scale about, in the object's own space",
            subtype="XYZ",
            unit="LENGTH",
        ),
    },
    params=dict,
)


def _transform_objects_params(values: Mapping[str, object]) -> dict[str, object]:
    return {
        "translation": values["translation"],
        "rotation": values["rotation"],
        "scale": values["scale"],
        "pivot": values["pivot"].lower(),
        "randomDistribution": values["random_distribution"].lower(),
        "randomTranslation": values["random_translation"],
        "randomRotation": values["random_rotation"],
        "randomScale": values["random_scale"],
        "seed": values["seed"],
    }


TRANSFORM_OBJECTS = Call(
    name="transform_objects",
    title="Transform Objects",
    description="Move, turn and scale all selected objects, each a little differently if wanted",
    icon="OBJECT_DATA",
    operation="transform_objects",
    sources={"matrices": "objects.matrix_world"},
    targets={"matrices": "objects.matrix_world"},
    fields={
        "translation": TRANSLATION,
        "rotation": ROTATION,
        "scale": SCALE,
        "pivot": EnumProperty(
            name="Pivot",
            description="What rotation and scale leave in place",
            items=[
                ("MEDIAN", "Median Point", "The middle of the objects' origins"),
                ("OWN_ORIGIN", "Individual Origins", "Each object's own origin"),
                ("WORLD_ORIGIN", "World Origin", "The middle of the world"),
            ],
        ),
        "random_translation": FloatVectorProperty(
            name="Translation",
            description="How far each object moves at random",
            subtype="TRANSLATION",
            unit="LENGTH",
            min=0,
        ),
        "random_rotation": FloatVectorProperty(
            name="Rotation",
            description="How far each object turns at random about its own origin",
            subtype="EULER",
            unit="ROTATION",
            min=0,
        ),
        "random_scale": FloatVectorProperty(
            name="Scale",
            description="How much each object's size varies at random: 0.1 is a tenth",
            subtype="XYZ",
            min=0,
            soft_max=1,
        ),
        "random_distribution": EnumProperty(
            name="Distribution",
            description="How the random part is spread",
            items=[
                ("UNIFORM", "Uniform", "Up to the random amounts, either way"),
                ("NORMAL", "Normal", "Mostly within the random amounts, now and then further"),
            ],
        ),
        "seed": SEED,
    },
    headings={"random_translation": "Random"},
    params=_transform_objects_params,
)

BUTTONS = (MOVE_CUBE, TRANSFORM_MESH, TRANSFORM_OBJECTS)
