"""The one button that is written by hand; all others are made from the catalogue."""

from collections.abc import Mapping

from bpy.props import EnumProperty, FloatProperty, IntProperty

from ..scene.calls import SEEDS, Call

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

BUTTONS = (MOVE_CUBE,)
