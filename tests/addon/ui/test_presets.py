"""Presets: kept in files as Blender's own are, and read even where they fit only in part."""

from pathlib import Path

import bpy
import pytest

from outboard.scene import presets
from outboard.scene.calls import CALLS

TEXT = """import bpy
op = bpy.context.active_operator

op.translation = (1.0, 2.0, 3.0)
op.gone = 5
op.gone.clear()
row = op.gone.add()
row.x = 5
op.scale = "large"
op.target_points = 'no.such'
op.matrix = (Vector((1, 2)), Vector((3, 4)))
op.pivot = __import__("os").getcwd()
op.rotation = (0.5, 0.0, 0.0)
"""


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the test's own for what Blender keeps for the user."""
    monkeypatch.setenv("BLENDER_USER_SCRIPTS", str(tmp_path))
    return tmp_path / "presets" / "operator" / "outboard.transform_points"


def held() -> bpy.types.PropertyGroup:
    return bpy.context.scene.outboard_transform_points


def test_a_preset_is_saved_chosen_and_removed(listed: None, scripts: Path) -> None:
    held().is_open = True
    held().translation, held().target_points = (1, 2, 3), "shape_key"
    assert bpy.ops.outboard.add_preset(name="Far away") == {"FINISHED"}
    (path,) = scripts.iterdir()
    assert path.name == "Far_away.py"
    bpy.ops.outboard.reset_fields(operation="transform_points")
    assert tuple(held().translation) == (0, 0, 0)
    assert bpy.ops.outboard.load_preset(filepath=str(path)) == {"FINISHED"}
    assert (tuple(held().translation), held().target_points) == ((1, 2, 3), "shape_key")
    assert bpy.ops.outboard.add_preset(name="Far away", remove_name=True) == {"FINISHED"}
    assert not list(scripts.iterdir())


def test_what_fits_no_more_is_left_out(listed: None, tmp_path: Path) -> None:
    path = tmp_path / "old.py"
    path.write_text(TEXT)
    held().scale, held().pivot = (2, 2, 2), (1, 0, 0)
    presets.read(path, held())
    assert tuple(held().translation) == (1, 2, 3)
    assert tuple(held().rotation) == (0.5, 0, 0)
    assert (tuple(held().scale), tuple(held().pivot)) == ((2, 2, 2), (1, 0, 0))
    assert held().target_points == "mesh.points"


def test_a_file_that_is_no_preset_is_said(listed: None, tmp_path: Path) -> None:
    held().is_open = True
    path = tmp_path / "broken.py"
    path.write_text("op.x = (")
    for place in (path, tmp_path / "missing.py"):
        with pytest.raises(RuntimeError, match="The preset cannot be read"):
            bpy.ops.outboard.load_preset(filepath=str(place))


def test_nothing_open_has_no_presets(listed: None) -> None:
    assert not bpy.ops.outboard.add_preset.poll()
    assert bpy.ops.outboard.load_preset(filepath="x") == {"CANCELLED"}


def test_blenders_own_presets_have_every_field(listed: None) -> None:
    for call in CALLS.values():
        properties = getattr(bpy.ops.outboard, call.name).get_rna_type().properties
        assert all(not properties[name].is_skip_preset for name in call.fields)
        assert properties["job"].is_skip_preset
