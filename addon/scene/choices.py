"""Which sources and targets the user chose, out of the fields that a button has for that."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

# Fields that choose something in the scene. A button may have them beside its own; they are never
# parameters of the operation. The name of the object that the sources `second.` read:
SECOND = "second_object"
# The name of a collection whose objects are meant where `objects.` stands, not the selected ones:
OBJECTS_OF = "objects_of"
# The name of the object, or else of the collection, that instances and new objects show:
INSTANCED = "instance_of"
# The path of the file that the source `file` reads:
FILE = "file"
SCENE = frozenset({SECOND, OBJECTS_OF, INSTANCED, FILE})
# `source_points` names another source for the input `points`, `target_points` another target for
# the output of that name; where they are empty, those of the table count.
SOURCE, TARGET = "source_", "target_"
# `name_of_source_points` is what stands behind the colon of a source such as `attribute:`.
NAME_OF = "name_of_"
# Stands for no source, and for no target.
NONE = "NONE"
# Stands for the mesh that another input is read from.
SAME = "SAME"

MESHES = ("mesh", "second")


class Choices(NamedTuple):
    """The fields, as Blender's properties by name, for the inputs, the outputs and the scene."""

    inputs: Mapping[str, object] = MappingProxyType({})
    outputs: Mapping[str, object] = MappingProxyType({})
    # Objects, collections and files, which count for some of the sources and targets only.
    scene: Mapping[str, object] = MappingProxyType({})
    # The input -> the input of points whose mesh it is read from unless chosen otherwise.
    follows: Mapping[str, str] = MappingProxyType({})

    @property
    def fields(self) -> dict[str, object]:
        """All of them."""
        return {**self.inputs, **self.outputs, **self.scene}

    def sources(self, usual: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
        """Tell the source of each input that has one; `usual` are those of the operation's file."""
        found = _chosen(usual, SOURCE, values)
        for name, leader in self.follows.items():
            if found.get(name) == SAME and leader in found:
                found[name] = same_mesh(usual[name], found[leader])
            elif found.get(name) == SAME:
                del found[name]
        return found

    def targets(self, usual: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
        """Tell the target of each output that has one; `usual` are those of the file."""
        return _chosen(usual, TARGET, values)


def needed(names: Iterable[str]) -> frozenset[str]:
    """Tell which fields of the scene some sources and targets need."""
    found = set()
    for name in names:
        if name.startswith("second."):
            found.add(SECOND)
        elif name == "file":
            found.add(FILE)
        elif name.startswith(("instances", "objects.new")):
            found.add(INSTANCED)
        elif name.startswith(("objects.", "location.add")):
            found.add(OBJECTS_OF)
    return frozenset(found)


def same_mesh(source: str, leader: str) -> str:
    """Read what `source` does from the mesh that `leader` reads its points from, if it does."""
    owner, what, *shown = [*leader.partition("@")[0].split("."), ""]
    if owner not in MESHES or what != "points":
        return source
    part, at, space = source.partition(".")[2].partition("@")
    evaluated = ".evaluated" if "evaluated" in shown else ""
    return f"{owner}.{part.partition('.')[0]}{evaluated}{at}{space}"


def _chosen(usual: Mapping[str, str], prefix: str, values: Mapping[str, object]) -> dict[str, str]:
    found = {}
    for name, default in usual.items():
        chosen = values.get(prefix + name) or default
        if chosen.endswith(":"):
            chosen += values.get(NAME_OF + prefix + name, "").strip()
        if chosen and chosen != NONE:
            found[name] = chosen
    return found
