"""What a button is: an operation, where its input comes from and where its output goes."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# 32-bit and signed, as Blender's integers are.
SEEDS = 2**31


@dataclass(frozen=True)
class Call:
    """One row of the table of buttons. `name` is that of its operator and of its parameters."""

    name: str
    title: str
    description: str
    icon: str
    operation: str
    target: str
    output: str
    # The operation's input -> the source in the scene.
    sources: Mapping[str, str]
    # Blender's properties, by name: fields of the panel, and of the operator for F9.
    fields: Mapping[str, object]
    # The values of the fields -> the operation's parameters.
    params: Callable[[Mapping[str, object]], dict[str, object]]
    # The first field of a group -> the group's heading.
    headings: Mapping[str, str] = field(default_factory=dict)
    # A seed that each press draws anew; F9 shows it.
    drawn: frozenset[str] = field(default_factory=frozenset)

    def values(self, holder: object) -> dict[str, object]:
        """Take the fields' values out of an operator or a property group, as plain Python."""
        return {name: _plain(getattr(holder, name)) for name in self.fields}

    def draw(self, values: dict[str, object], given: object) -> dict[str, object]:
        """Give `values` a drawn seed wherever `given`, an operator's properties, set none."""
        for name in self.drawn:
            if not given.is_property_set(name):
                values[name] = random.randrange(SEEDS)
        return values


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) else tuple(value)


CALLS: dict[str, Call] = {}
