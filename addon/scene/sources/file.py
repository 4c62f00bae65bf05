"""The source that is a file the user chose: a table of numbers."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import bpy
import numpy as np

from .. import subjects
from ..choices import FILE
from ..scope import Scope
from ..subjects import Refused, quoted
from .source import Source

DELIMITERS = ",;\t"


def table(path: Path) -> np.ndarray:
    """Read a table, one row for each line or each first index.

    Parameters
    ----------
    path : pathlib.Path
        A .csv file, whose columns are parted by commas, semicolons or tabs, with or without a line
        of names; or a .npy file of one or two dimensions.

    Returns
    -------
    numpy.ndarray
        float64, or float32 where the file has it; (rows, columns).

    Raises
    ------
    Refused
        When it is not there, or not a table of numbers; says where.
    """
    readers = {".csv": _read_csv, ".npy": _read_npy}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise Refused(f"Cannot read {quoted(path.name)}: choose a .csv or a .npy file")
    try:
        return read(path)
    except FileNotFoundError as error:
        raise Refused(f"There is no file {quoted(str(path))}: choose another one") from error
    except OSError as error:
        raise Refused(f"Cannot read {quoted(str(path))}: {error.strerror or error}") from error


def _read_npy(path: Path) -> np.ndarray:
    try:
        array = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise Refused(f"Cannot read {quoted(path.name)}: it is no .npy file of numbers") from error
    if array.dtype.kind not in "fiub":
        raise Refused(f"Cannot read {quoted(path.name)}: wanted numbers, got {array.dtype}")
    if array.ndim not in (1, 2):
        raise Refused(
            f"Cannot read {quoted(path.name)}: wanted rows and columns, got the shape {array.shape}"
        )
    rows = array.reshape(len(array), -1) if array.size else np.empty((0, 1))
    return np.ascontiguousarray(rows, np.float32 if array.dtype == np.float32 else np.float64)


def _read_csv(path: Path) -> np.ndarray:
    try:
        rows = list(_rows(path.name, path.read_text(encoding="utf-8-sig")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"Cannot read {quoted(path.name)}: it is not text in UTF-8") from error
    if not rows:
        raise Refused(f"Cannot read {quoted(path.name)}: it has no line of numbers")
    return np.array(rows, np.float64)


def _rows(name: str, text: str) -> Iterator[list[float]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=first.count))
    width = 0
    for cells in reader:
        if not "".join(cells).strip() and len(cells) < 2:  # noqa: PLR2004 - a line without any cell
            continue
        if not width:
            width = len(cells)
            # A first line without any number has the columns' names.
            if not any(_is_number(cell) for cell in cells):
                continue
        if len(cells) != width:
            raise Refused(
                f"Line {reader.line_num} of {quoted(name)} has {_counted(len(cells))}, "
                f"the first one has {width}"
            )
        try:
            yield [float(cell) for cell in cells]
        except ValueError:
            raise _no_number(name, reader.line_num, cells) from None


def _no_number(name: str, line: int, cells: list[str]) -> Refused:
    column = next(at for at, cell in enumerate(cells) if not _is_number(cell))
    came = quoted(cells[column]) if cells[column].strip() else "nothing"
    return Refused(
        f"Line {line}, column {column + 1} of {quoted(name)}: wanted a number, got {came}"
    )


def _counted(columns: int) -> str:
    return f"{columns} column{'' if columns == 1 else 's'}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _chosen(scope: Scope, _argument: str) -> np.ndarray:
    # Blender writes a file's place relative to the .blend.
    return table(Path(bpy.path.abspath(subjects.chosen_file(scope.values.get(FILE)))))


SOURCES = {"file": Source("file", _chosen)}
