"""A table in a file that the user chose: what is read, and what is said of what cannot be."""

from pathlib import Path

import bpy
import numpy as np
import pytest
from in_blender import InBlender, make_grid, positions, read

from outboard.scene.subjects import Absent, Refused

# The quotes that Blender's own font has -> those of this file.
QUOTES = str.maketrans("\u2018\u2019", "''")
TABLE = np.array([[1, 2.5, -3], [4e3, 0, 0.125]])


def saved(folder: Path, name: str, content: object) -> str:
    path = folder / name
    if isinstance(content, np.ndarray):
        with path.open("wb") as file:
            np.save(file, content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def table(path: str) -> np.ndarray:
    return read("file", file=path)


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5,-3\n4000,0,.125\n",
        "a,b,c\n1,2.5,-3\n4e3,0,0.125",
        "\ufeffa;b;c\r\n1;2.5;-3\r\n\r\n4e3;0;0.125\r\n",
        '\n"a"\t"b, the other"\t"c"\n1\t2.5\t -3\n4e3\t"0"\t0.125\n\n',
    ],
)
def test_a_csv_file_is_read_as_it_is_written(tmp_path: Path, text: str) -> None:
    array = table(saved(tmp_path, "table.csv", text))
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, TABLE)


@pytest.mark.parametrize(
    ("dtype", "wanted"),
    [("<f8", np.float64), (">f8", np.float64), ("<f4", np.float32), ("<i8", np.float64)],
)
def test_an_npy_file_is_read_as_numpy_saved_it(tmp_path: Path, dtype: str, wanted: type) -> None:
    given = TABLE.astype(dtype)
    array = table(saved(tmp_path, "Table.NPY", given[:, ::-1][:, ::-1]))
    assert array.dtype == wanted
    assert array.flags.c_contiguous
    np.testing.assert_array_equal(array, given.astype(wanted))


def test_one_number_in_each_row_is_one_column(tmp_path: Path) -> None:
    assert table(saved(tmp_path, "a.npy", np.arange(4.0))).shape == (4, 1)
    assert table(saved(tmp_path, "a.csv", "1\n2\n\n3\n")).shape == (3, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "x,y\n1,2\n3,n/a\n", "Line 3, column 2 of 'a.csv': wanted a number, got 'n/a'"),
        ("a.csv", "1;2\n3,5;4\n", "Line 2, column 1 of 'a.csv': wanted a number, got '3,5'"),
        ("a.csv", "1,2\n\n,4\n", "Line 3, column 1 of 'a.csv': wanted a number, got nothing"),
        ("a.csv", "1,2,3\n4,5,6\n7,8\n", "Line 3 of 'a.csv' has 2 columns, the first one has 3"),
        ("a.csv", "x,y\n1\n", "Line 2 of 'a.csv' has 1 column, the first one has 2"),
        ("a.csv", "x,y\n", "Cannot read 'a.csv': it has no line of numbers"),
        ("a.csv", b"\xff\xfe1\x002\x00", "Cannot read 'a.csv': it is not text in UTF-8"),
        ("a.npy", "1,2\n", "Cannot read 'a.npy': it is no .npy file of numbers"),
        ("a.npy", "", "Cannot read 'a.npy': it is no .npy file of numbers"),
        ("a.npy", np.array([["a"]]), "Cannot read 'a.npy': wanted numbers, got <U1"),
        ("a.npy", np.array([{}]), "Cannot read 'a.npy': it is no .npy file of numbers"),
        (
            *("a.npy", np.zeros((2, 3, 4))),
            "Cannot read 'a.npy': wanted rows and columns, got the shape (2, 3, 4)",
        ),
        ("a.xlsx", "1,2", "Cannot read 'a.xlsx': choose a .csv or a .npy file"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    tmp_path: Path, name: str, content: object, said: str
) -> None:
    with pytest.raises(Refused) as caught:
        table(saved(tmp_path, name, content))
    assert str(caught.value).translate(QUOTES) == said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="No file is chosen"):
        table("")
    path = tmp_path / "gone.csv"
    with pytest.raises(Refused) as caught:
        table(str(path))
    assert str(caught.value).translate(QUOTES) == f"There is no file '{path}': choose another one"


def test_rows_of_a_file_become_points(blender: InBlender, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    rows = np.concatenate([rng.normal(at, 1, (30, 6)) for at in (0, 50)])
    fields = bpy.context.scene.outboard_embed_points
    assert fields.bl_rna.properties["file"].subtype == "FILE_PATH"
    # A path as Blender's file browser leaves it beside a saved file.
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "here.blend"))
    saved(tmp_path, "rows.npy", rows)
    blender.finish(blender.start("embed_points", file="//rows.npy", neighbours=5, seed=3))
    (ob,) = bpy.data.collections["Embed Points"].objects
    places = positions(ob)
    assert len(places) == 60, blender.note("embed_points")
    first, second = places[:30], places[30:]
    apart = np.linalg.norm(first.mean(0) - second.mean(0))
    assert apart > 2 * max(first.std(0).max(), second.std(0).max())


def test_without_a_file_the_button_says_so(blender: InBlender) -> None:
    with pytest.raises(RuntimeError, match="No file is chosen"):
        bpy.ops.outboard.embed_points()
    assert blender.note("embed_points") == "No file is chosen: choose one"


def test_rows_may_come_from_an_attribute_instead(blender: InBlender) -> None:
    ob = make_grid(10, 6)
    rows = np.random.default_rng(2).normal(size=(60, 3)).astype(np.float32)
    ob.data.attributes.new("rows", "FLOAT_VECTOR", "POINT").data.foreach_set("vector", rows.ravel())
    chosen = {"source_values": "attribute:", "name_of_source_values": "rows"}
    blender.finish(blender.start("embed_points", **chosen, neighbours=5, seed=3))
    (made,) = bpy.data.collections["Embed Points"].objects
    assert len(made.data.vertices) == 60, blender.note("embed_points")
