"""A form: the fields of an operation as a tree, and from their values back to its parameters."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Union

from .subjects import Refused

if TYPE_CHECKING:
    from .rows import Rows

# Stands for a key that is not sent at all.
OMITTED = object()


class BadField(Refused):
    """A field that holds something useless; `names` are the fields concerned."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        super().__init__(text)
        self.names = names


def _as_it_is(value: object) -> object:
    return value


class Leaf(NamedTuple):
    """One field: Blender's property, and how its value is written for the server."""

    name: str
    path: str
    title: str
    prop: object
    # Raises ValueError, with what is wanted, for a value that cannot be sent.
    write: Callable[[object], object] = _as_it_is

    def leaves(self) -> Iterator["Leaf"]:
        """Give every field."""
        yield self

    def used(self, _values: Mapping[str, object]) -> Iterator["Leaf"]:
        """Give the fields that count where the fields have these values."""
        yield self

    def written(self, values: Mapping[str, object]) -> object:
        """Write the value for the server."""
        try:
            return self.write(values[self.name])
        except ValueError as error:
            raise BadField(f"{self.title} {error}", frozenset({self.name})) from error


class Constant(NamedTuple):
    """A value that leaves nothing to choose."""

    value: object

    def leaves(self) -> Iterator[Leaf]:
        """Give no field."""
        yield from ()

    def used(self, _values: Mapping[str, object]) -> Iterator[Leaf]:
        """Give no field."""
        yield from ()

    def written(self, _values: Mapping[str, object]) -> object:
        """Write the value."""
        return self.value


class Group(NamedTuple):
    """An object: a part for each key."""

    title: str
    parts: Mapping[str, "Part"]
    # The first key of some that belong together -> what stands above them.
    headings: Mapping[str, str] = MappingProxyType({})

    def leaves(self) -> Iterator[Leaf]:
        """Give every field of every part."""
        for part in self.parts.values():
            yield from part.leaves()

    def used(self, values: Mapping[str, object]) -> Iterator[Leaf]:
        """Give the fields that count."""
        for part in self.parts.values():
            yield from part.used(values)

    def written(self, values: Mapping[str, object]) -> dict[str, object]:
        """Write the object, without the keys that are left out."""
        found = {key: part.written(values) for key, part in self.parts.items()}
        return {key: value for key, value in found.items() if value is not OMITTED}


class Choice(NamedTuple):
    """One of several objects, told apart by a key; only the chosen one's fields count."""

    leaf: Leaf
    groups: Mapping[str, Group]

    def chosen(self, kind: str) -> Group:
        """Give the object of a kind; that of the default where there is no such kind any more."""
        return self.groups.get(kind) or self.groups[self.leaf.prop.keywords["default"]]

    def leaves(self) -> Iterator[Leaf]:
        """Give the choice and the fields of all kinds."""
        yield self.leaf
        for group in self.groups.values():
            yield from group.leaves()

    def used(self, values: Mapping[str, object]) -> Iterator[Leaf]:
        """Give the choice and the fields of the chosen kind."""
        yield self.leaf
        yield from self.chosen(values[self.leaf.name]).used(values)

    def written(self, values: Mapping[str, object]) -> object:
        """Write the chosen object."""
        return self.chosen(values[self.leaf.name]).written(values)


class Switched(NamedTuple):
    """A part that can be left out."""

    switch: Leaf
    part: "Part"
    # What is sent while it is switched off.
    off: object = OMITTED

    def leaves(self) -> Iterator[Leaf]:
        """Give the switch and the fields behind it."""
        yield self.switch
        yield from self.part.leaves()

    def used(self, values: Mapping[str, object]) -> Iterator[Leaf]:
        """Give the switch, and the fields behind it while it is on."""
        yield self.switch
        if values[self.switch.name]:
            yield from self.part.used(values)

    def written(self, values: Mapping[str, object]) -> object:
        """Write the part, or what stands for it while it is off."""
        return self.part.written(values) if values[self.switch.name] else self.off


Part = Union[Leaf, Constant, Group, Choice, Switched, "Rows"]


class Form(NamedTuple):
    """All fields of an operation, or of one row of a list."""

    group: Part
    # Fields whose value is drawn at random at each press.
    drawn: frozenset[str] = frozenset()
    # Its lists of objects.
    lists: tuple["Rows", ...] = ()

    @property
    def fields(self) -> dict[str, object]:
        """Blender's properties by name."""
        return {leaf.name: leaf.prop for leaf in self.group.leaves()}

    @property
    def defaults(self) -> dict[str, object]:
        """The values that the fields start with."""
        return {name: prop.keywords["default"] for name, prop in self.fields.items()}

    def is_like(self, other: "Form") -> bool:
        """Tell whether it has the same fields, whatever they start with."""
        own, others = (
            {name: prop.function for name, prop in form.fields.items()} for form in (self, other)
        )
        return own == others

    def params(self, values: Mapping[str, object]) -> dict[str, object]:
        """Write the fields' values as the operation's parameters.

        Raises
        ------
        BadField
            When one holds what cannot be sent.
        """
        return self.group.written(values)

    def at(self, path: str, values: Mapping[str, object]) -> Leaf | None:
        """Find the field that a path of the server's, such as `spread.low.0`, leads to."""
        around = f"{path}."
        fits = [it for it in self.group.used(values) if around.startswith(f"{it.path}.")]
        return max(fits, key=lambda leaf: len(leaf.path), default=None)
