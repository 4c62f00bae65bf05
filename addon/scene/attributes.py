"""Named attributes of meshes as arrays: their types, their domains, reading and writing."""

from collections.abc import Mapping
from typing import NamedTuple

import bpy
import numpy as np

from .subjects import Refused, quoted


class Type(NamedTuple):
    """How the values of an attribute lie in memory, and what they are as an array."""

    key: str
    memory: type
    row: tuple[int, ...] = ()
    array: type | None = None

    @property
    def size(self) -> int:
        """Numbers per element."""
        return int(np.prod(self.row))


TYPES = {
    "FLOAT": Type("value", np.float32),
    "INT": Type("value", np.int32),
    "INT8": Type("value", np.int8, array=np.int32),
    "BOOLEAN": Type("value", np.bool_, array=np.uint8),
    "FLOAT2": Type("vector", np.float32, (2,)),
    "INT32_2D": Type("value", np.int32, (2,)),
    "FLOAT_VECTOR": Type("vector", np.float32, (3,)),
    "FLOAT_COLOR": Type("color", np.float32, (4,)),
    "BYTE_COLOR": Type("color", np.float32, (4,)),
    "QUATERNION": Type("value", np.float32, (4,)),
    "FLOAT4X4": Type("value", np.float32, (4, 4)),
}
# What an array becomes, by the shape of a row; one number is a float or an integer by its dtype.
BY_ROW = {(2,): "FLOAT2", (3,): "FLOAT_VECTOR", (4,): "FLOAT_COLOR", (4, 4): "FLOAT4X4"}
# An array of as many rows as there are of several is taken for the first of these.
DOMAINS = {"point": "POINT", "face": "FACE", "corner": "CORNER", "edge": "EDGE"}


def counts(mesh: bpy.types.Mesh) -> dict[str, int]:
    """Tell how many elements `mesh` has of each domain."""
    return {
        "point": len(mesh.vertices),
        "face": len(mesh.polygons),
        "corner": len(mesh.loops),
        "edge": len(mesh.edges),
    }


def read(attribute: bpy.types.Attribute) -> np.ndarray:
    """Read an attribute; colours are linear, matrices row-major with column vectors.

    Returns
    -------
    numpy.ndarray
        float32, int32, or uint8 for yes and no; (n,), (n, 2), (n, 3), (n, 4) or (n, 4, 4).
    """
    kind = TYPES.get(attribute.data_type)
    if kind is None:
        raise Refused(f"The attribute {quoted(attribute.name)} holds no numbers")
    flat = np.empty(len(attribute.data) * kind.size, kind.memory)
    if len(flat):
        attribute.data.foreach_get(kind.key, flat)
    rows = flat.reshape(-1, *kind.row)
    if kind.row == (4, 4):
        # Blender keeps the columns of a matrix together.
        rows = np.ascontiguousarray(rows.transpose(0, 2, 1))
    return rows if kind.array is None else rows.astype(kind.array)


class Column(NamedTuple):
    """Values for an attribute that passed every check: only to be written."""

    name: str
    data_type: str
    domain: str
    values: np.ndarray

    def write(self, mesh: bpy.types.Mesh) -> None:
        """Write it to `mesh`; an attribute of the name that is of another sort is replaced."""
        there = mesh.attributes.get(self.name)
        if there and (there.data_type, there.domain) != (self.data_type, self.domain):
            mesh.attributes.remove(there)
            there = None
        if there is None:
            there = mesh.attributes.new(self.name, self.data_type, self.domain)
        if not len(self.values):
            return
        rows = self.values
        if self.data_type == "FLOAT4X4":
            rows = np.ascontiguousarray(rows.transpose(0, 2, 1))
        there.data.foreach_set(TYPES[self.data_type].key, rows.reshape(-1))


def column(
    name: str, array: np.ndarray, sizes: Mapping[str, int], wanted: str = "", data_type: str = ""
) -> Column:
    """Check `array` and find out what attribute it makes.

    Parameters
    ----------
    name : str
        Of the attribute.
    array : numpy.ndarray
        (n,) for floats or integers, (n, 2), (n, 3) for vectors, (n, 4) for colours, (n, 4, 4).
    sizes : mapping of str to int
        How many elements there are per domain.
    wanted : str
        A domain; without it, the first one that has as many elements as `array` has rows.
    data_type : str
        Blender's name of the type, where the shape does not say it.

    Raises
    ------
    Refused
        When no attribute can hold it.
    """
    if array.dtype.kind not in "fiub":
        raise Refused(f"The result for {quoted(name)} holds no numbers")
    is_whole = array.ndim == 1 and array.dtype.kind in "iub"
    kind = data_type or ("INT" if is_whole else "FLOAT")
    if array.ndim != 1:
        kind = data_type or BY_ROW.get(array.shape[1:], "")
    if not kind:
        raise Refused(f"The result for {quoted(name)} has the shape {array.shape}: no attribute")
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(array, TYPES[kind].memory)
    if not is_whole and not np.isfinite(values).all():
        raise Refused(f"The result for {quoted(name)} has values that are infinite or not a number")
    if is_whole and not np.array_equal(values, array):
        raise Refused(f"The result for {quoted(name)} has numbers beyond 32 bits")
    return Column(name, kind, DOMAINS[_domain(name, len(array), sizes, wanted)], values)


def _domain(name: str, rows: int, sizes: Mapping[str, int], wanted: str) -> str:
    for domain in (wanted,) if wanted else DOMAINS:
        if sizes.get(domain) == rows:
            return domain
    fitting = {wanted: sizes[wanted]} if wanted else sizes
    there = ", ".join(f"{size:,} {domain}s" for domain, size in fitting.items())
    raise Refused(f"The result for {quoted(name)} has {rows:,} rows, and there are {there}")


def split_domain(argument: str) -> tuple[str, str]:
    """Split `name@face` into name and domain; the domain is empty where none is named."""
    name, _, domain = argument.rpartition("@")
    return (name, domain) if name and domain in DOMAINS else (argument, "")
