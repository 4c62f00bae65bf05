"""What a button is: an operation, where its input comes from and where its output goes."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .form import Form

# 32-bit and signed, as Blender's integers are.
SEEDS = 2**31

# Fields that choose something in the scene. A button may have them beside its own; they are never
# parameters of the operation. The name of the object that the sources `second.` read:
SECOND = "second_object"
# The path of the file that the source `file` reads:
FILE = "file"
# The name of a collection whose objects are meant where `objects.` stands, not the selected ones:
OBJECTS_OF = "objects_of"
# The name of the object, or else of the collection, that instances and new objects show:
INSTANCED = "instance_of"
# `source_points` names another source for the input `points`, `target_points` another target for
# the output of that name; where they are empty, those of the table count.
SOURCE, TARGET = "source_", "target_"


@dataclass(frozen=True)
class Call:
    """One row of the table of buttons. `name` is that of its operator and of its parameters."""

    name: str
    title: str
    description: str
    icon: str
    operation: str
    # The operation's input -> the source in the scene; its output -> the target there.
    sources: Mapping[str, str]
    targets: Mapping[str, str]
    # Blender's properties, by name: fields of the panel, and of the operator for F9.
    fields: Mapping[str, object]
    # The values of the fields -> the operation's parameters.
    params: Callable[[Mapping[str, object]], dict[str, object]]
    # A seed that each press draws anew; F9 shows it.
    drawn: frozenset[str] = field(default_factory=frozenset)
    # Where the panel lists it.
    category: str = ""
    # The inputs that may be absent from the scene, and are not sent then.
    optional: frozenset[str] = field(default_factory=frozenset)
    # How the fields belong together; without it they are simply listed.
    form: Form | None = None

    def values(self, holder: object) -> dict[str, object]:
        """Take the fields' values out of an operator or a property group, as plain Python."""
        return {name: _plain(getattr(holder, name)) for name in self.fields}

    def sources_for(self, values: Mapping[str, object]) -> dict[str, str]:
        """Tell the source of each input, as the user chose it or as the table has it."""
        return _chosen(self.sources, SOURCE, values)

    def targets_for(self, values: Mapping[str, object]) -> dict[str, str]:
        """Tell the target of each output, as the user chose it or as the table has it."""
        return _chosen(self.targets, TARGET, values)

    def params_for(self, values: Mapping[str, object]) -> dict[str, object]:
        """Make the operation's parameters of the fields that are not about the scene."""
        choices = {SECOND, FILE, OBJECTS_OF, INSTANCED}
        choices |= {SOURCE + name for name in self.sources}
        choices |= {TARGET + name for name in self.targets}
        return self.params({name: it for name, it in values.items() if name not in choices})

    def draw(self, values: dict[str, object], given: object) -> dict[str, object]:
        """Give `values` a drawn seed wherever `given`, an operator's properties, set none."""
        for name in self.drawn:
            if not given.is_property_set(name):
                values[name] = random.randint(*_ends(self.fields[name]))
        return values


def _chosen(table: Mapping[str, str], prefix: str, values: Mapping[str, object]) -> dict[str, str]:
    return {name: values.get(prefix + name) or usual for name, usual in table.items()}


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool):
        return value
    return tuple(_plain(it) for it in value)


def _ends(prop: object) -> tuple[int, int]:
    return prop.keywords.get("min", 0), prop.keywords.get("max", SEEDS - 1)


CALLS: dict[str, Call] = {}
