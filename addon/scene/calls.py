"""What a button is: an operation, where its input comes from and where its output goes."""

import random
from collections.abc import Callable, Mapping
from typing import NamedTuple

import bpy

from .choices import NAME_OF, SCENE, SOURCE, TARGET, Choices
from .form import Form

# 32-bit and signed, as Blender's integers are.
SEEDS = 2**31


class Call(NamedTuple):
    """One row of the table of buttons. `name` is that of its operator and of its parameters."""

    name: str
    title: str
    description: str
    icon: str
    operation: str
    # The operation's input -> the source in the scene; its output -> the target there. Empty
    # where there is none unless the user chooses one.
    sources: Mapping[str, str]
    targets: Mapping[str, str]
    # Blender's properties, by name: fields of the panel, and of the operator for F9.
    fields: Mapping[str, object]
    # The values of the fields -> the operation's parameters.
    params: Callable[[Mapping[str, object]], dict[str, object]]
    # A seed that each press draws anew; F9 shows it.
    drawn: frozenset[str] = frozenset()
    # Where the panel lists it.
    category: str = ""
    # The inputs that may be absent from the scene, and are not sent then.
    optional: frozenset[str] = frozenset()
    # How the fields belong together; without it they are simply listed.
    form: Form | None = None
    # Those of the fields in which the user chooses where the arrays come from and go to.
    choices: Choices = Choices()

    def values(self, holder: object) -> dict[str, object]:
        """Take the fields' values out of an operator or a property group, as plain Python."""
        return {name: plain(getattr(holder, name)) for name in self.fields}

    def sources_for(self, values: Mapping[str, object]) -> dict[str, str]:
        """Tell the source of each input, as the user chose it or as the table has it."""
        return self.choices.sources(self.sources, values)

    def targets_for(self, values: Mapping[str, object]) -> dict[str, str]:
        """Tell the target of each output, as the user chose it or as the table has it."""
        return self.choices.targets(self.targets, values)

    def params_for(self, values: Mapping[str, object]) -> dict[str, object]:
        """Make the operation's parameters of the fields that are not about the scene."""
        choices = {SOURCE + name for name in self.sources}
        choices |= {TARGET + name for name in self.targets}
        choices |= {NAME_OF + name for name in choices} | SCENE
        return self.params({name: it for name, it in values.items() if name not in choices})

    def draw(self, values: dict[str, object], given: object) -> dict[str, object]:
        """Give `values` a drawn seed wherever `given`, an operator's properties, set none."""
        for name in self.drawn:
            if not given.is_property_set(name):
                values[name] = random.randint(*_ends(self.fields[name]))
        return values


def plain(value: object) -> object:
    """Give the value of a field as plain Python: vectors as tuples, lists as tuples of dicts."""
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, bpy.types.PropertyGroup):
        # Blender's own `name` must be there where such a row is handed to an operator.
        names = ["name", *(it.identifier for it in value.bl_rna.properties if it.is_runtime)]
        return {name: plain(getattr(value, name)) for name in names}
    return tuple(plain(it) for it in value)


def _ends(prop: object) -> tuple[int, int]:
    return prop.keywords.get("min", 0), prop.keywords.get("max", SEEDS - 1)


CALLS: dict[str, Call] = {}
