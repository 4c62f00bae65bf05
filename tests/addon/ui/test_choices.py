"""The drop-downs for sources and targets: what fits is offered, what is chosen is done."""

import bpy
import numpy as np
import pytest
from in_blender import InBlender, activate, make_grid, positions

from outboard.scene import choice_fields, run
from outboard.scene.calls import CALLS
from outboard.scene.choices import Choices, same_mesh
from outboard.scene.jobs import State
from outboard.scene.subjects import Refused

POINTS = {"kind": "points", "dtype": "float32", "shape": ["n", 3], "source": "mesh.points"}
TRIANGLES = {"kind": "triangles", "dtype": ["int32"], "shape": ["t", 3], "source": "mesh.triangles"}
WEIGHTS = {"kind": "scalars", "dtype": ["float32"], "shape": ["n"], "optional": True}


def offered(choices: Choices, name: str) -> list[str]:
    return [item[0] for item in choices.fields[name].keywords["items"]]


def made(inputs: dict | None = None, outputs: dict | None = None) -> Choices:
    return choice_fields.choice_fields(inputs or {}, outputs or {})


def test_only_sources_that_fit_are_offered() -> None:
    choices = made({"points": POINTS, "weights": WEIGHTS})
    points = offered(choices, "source_points")
    assert {"mesh.points", "mesh.points.evaluated", "second.points", "curve.points"} <= {*points}
    assert not {"mesh.normals", "mesh.triangles", "objects.matrix_world", "NONE"} & {*points}
    assert offered(choices, "source_weights") == ["vertex_group:", "attribute:", "NONE"]
    assert choices.fields["source_weights"].keywords["default"] == "NONE"


@pytest.mark.parametrize(
    ("about", "names"),
    [({"kind": "vectors", "shape": ["n", 2]}, ["attribute:", "file", "NONE"]),
     ({"kind": "points", "shape": ["n", 2, 3]}, ["objects.bounds", "attribute:", "NONE"]),
     ({"kind": "scalars", "shape": ["n"], "dtype": "uint8"}, ["attribute:", "NONE"]),
     ({"kind": "edges", "shape": ["n", 2]}, [])],
)  # fmt: skip
def test_rows_and_types_must_fit(about: dict, names: list[str]) -> None:
    choices = made({"array": {"dtype": "float32", "optional": True, **about}})
    assert (offered(choices, "source_array") if choices.inputs else []) == names


def test_the_space_of_the_file_is_kept() -> None:
    choices = made({"points": {**POINTS, "source": "mesh.points@world"}})
    names = offered(choices, "source_points")
    assert "second.points@world" in names
    assert "objects.locations" in names
    assert choices.fields["source_points"].keywords["default"] == "mesh.points@world"


def test_the_name_of_an_attribute_has_a_field() -> None:
    choices = made({"weights": {**WEIGHTS, "source": "attribute:density"}})
    assert choices.fields["source_weights"].keywords["default"] == "attribute:"
    assert choices.fields["name_of_source_weights"].keywords["default"] == "density"


@pytest.mark.parametrize(
    ("target", "name"),
    [("mesh.new", "mesh.new.points"), ("instances.points@world", "instances.points@world"),
     ("mesh.copy.attribute:rest", "mesh.copy.attribute:rest"), ("location.add", "location.add")],
)  # fmt: skip
def test_the_target_of_the_file_is_the_default(target: str, name: str) -> None:
    output = {"kind": "points", "dtype": {"like": "points"}, "shape": ["n", 3], "target": target}
    choices = made(outputs={"points": output})
    assert choices.fields["target_points"].keywords["default"] == name
    assert name in offered(choices, "target_points")
    assert choices.targets({"points": target}, {"target_points": name}) == {"points": name}


@pytest.mark.parametrize(
    ("source", "leader", "wanted"),
    [("mesh.triangles", "mesh.points.evaluated", "mesh.triangles.evaluated"),
     ("mesh.normals@world", "second.points@world", "second.normals@world"),
     ("second.triangles", "mesh.points", "mesh.triangles"),
     ("mesh.triangles", "attribute:rest", "mesh.triangles")],
)  # fmt: skip
def test_faces_come_from_the_mesh_of_the_points(source: str, leader: str, wanted: str) -> None:
    assert same_mesh(source, leader) == wanted


def test_faces_follow_the_points_unless_chosen_otherwise() -> None:
    choices = made({"points": POINTS, "triangles": TRIANGLES})
    usual = {"points": "mesh.points", "triangles": "mesh.triangles"}
    values = {name: prop.keywords["default"] for name, prop in choices.inputs.items()}
    assert choices.sources(usual, values) == usual
    values["source_points"] = "second.points"
    assert choices.sources(usual, values)["triangles"] == "second.triangles"
    assert "triangles" not in choices.sources(usual, {**values, "source_points": "NONE"})
    values["source_triangles"] = "mesh.triangles"
    assert choices.sources(usual, values)["triangles"] == "mesh.triangles"


def test_every_operation_has_its_own_places_as_defaults(listed: None) -> None:
    for call in CALLS.values():
        if call.form is None:
            continue
        values = call.values(getattr(bpy.context.scene, f"outboard_{call.name}"))
        assert call.sources_for(values) == {it: s for it, s in call.sources.items() if s}
        assert call.targets_for(values).keys() == {it for it, t in call.targets.items() if t}
        assert not call.params_for(values).keys() & call.choices.fields.keys()


def test_what_is_chosen_in_the_panel_is_done(blender: InBlender) -> None:
    grid = make_grid(4, 4)
    before = positions(grid)
    grid.vertex_groups.new(name="Some")
    chosen = {"target_points": "attribute:", "name_of_target_points": "moved"}
    job = blender.finish(blender.start("transform_points", translation=(0, 0, 1), **chosen))
    assert job.state is State.APPLIED, job.line
    data = grid.data.attributes["moved"].data
    np.testing.assert_allclose([it.vector for it in data], before + np.array((0, 0, 1)), atol=1e-6)
    np.testing.assert_array_equal(positions(grid), before)


def test_a_collection_stands_for_what_is_selected(blender: InBlender) -> None:
    activate(bpy.data.objects["Light"])
    held = bpy.data.collections.new("Held")
    held.objects.link(bpy.data.objects["Cube"])
    before = bpy.data.objects["Light"].location.copy()
    job = blender.start("transform_objects", translation=(0, 0, 2), objects_of="Held")
    assert blender.finish(job).state is State.APPLIED, job.line
    assert bpy.data.objects["Cube"].location.z == pytest.approx(2)
    assert bpy.data.objects["Light"].location == before


def test_an_optional_input_that_was_chosen_must_be_there(blender: InBlender) -> None:
    make_grid(4, 4)
    call = CALLS["scatter_on_surface"]
    fields = bpy.context.scene.outboard_scatter_on_surface
    run.start(call, call.values(fields))
    fields.name_of_source_density = "densty"
    with pytest.raises(Refused, match="no attribute named"):
        run.start(call, call.values(fields))


def test_names_are_suggested(listed: None) -> None:
    grid = make_grid(3, 3)
    grid.vertex_groups.new(name="Some")
    fields = bpy.context.scene.outboard_scatter_on_surface
    search = choice_fields._named("source_density")
    assert "UVMap" in search(fields, bpy.context, "")
    fields.source_density = "vertex_group:"
    assert search(fields, bpy.context, "") == ["Some"]
    activate(bpy.data.objects["Light"])
    assert search(fields, bpy.context, "") == []
    assert ("Cube", "Object") in choice_fields._shown(fields, bpy.context, "")
    assert choice_fields._meshes(fields, bpy.context, "") == ["Cube", "Grid"]
    second = choice_fields.choice_fields({"points": {**POINTS, "source": "second.points"}}, {})
    assert second.scene["second_object"].keywords["search"] is choice_fields._meshes
