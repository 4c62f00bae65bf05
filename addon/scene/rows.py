"""A list of objects in a form: as many rows of the same fields as the user wants."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import bpy
from bpy.props import BoolProperty, CollectionProperty

from . import field_names
from .form import BadField, Form, Leaf
from .properties import Label

Values = Mapping[str, object]


class Rows(NamedTuple):
    """A part of a form. Its field is a collection, which holds a group of fields for each row."""

    leaf: Leaf
    # Whether the user emptied the list; else one without rows stands for the usual ones.
    emptied: Leaf
    row: Form
    kind: type
    # The rows of the default.
    usual: Sequence[Values]
    # Fewest and most.
    limits: tuple[int, float]

    @classmethod
    def make(
        cls,
        operation: str,
        names: tuple[str, str],
        label: Label,
        path: str,
        row: Form,
        usual: Sequence[Values],
        limits: tuple[int, float],
    ) -> "Rows":
        """Make the fields and the group of a row; `names` are those of the list and its switch."""
        name, emptied = names
        kind = type(
            field_names.shortened(f"OUTBOARD_PG_{operation}_{name}"),
            (bpy.types.PropertyGroup,),
            {"__annotations__": row.fields},
        )
        prop = CollectionProperty(type=kind, **label.with_more(_told(limits)))
        switch = BoolProperty(
            name=f"No {label.name}", description="Whether the list is empty on purpose"
        )
        return cls(
            Leaf(name, path, label.name, prop),
            Leaf(emptied, "", "", switch),
            row,
            kind,
            usual,
            limits,
        )

    def leaves(self) -> Iterator[Leaf]:
        """Give the list and its switch."""
        yield self.leaf
        yield self.emptied

    def used(self, _values: Values) -> Iterator[Leaf]:
        """Give the list."""
        yield self.leaf

    def written(self, values: Values) -> list[object]:
        """Write every row for the server."""
        rows = values[self.leaf.name]
        if not rows and not values[self.emptied.name]:
            rows = self.usual
        return [self._written(number, row) for number, row in enumerate(rows, 1)]

    def _written(self, number: int, row: Values) -> object:
        try:
            return self.row.params(row)
        except BadField as error:
            line = f"{self.leaf.title} {number}: {error}"
            raise BadField(
                line, frozenset(self.mark(number - 1, it) for it in error.names)
            ) from error

    def mark(self, index: int, name: str) -> str:
        """Name a field of a row as one of the whole form."""
        return f"{self.leaf.name}[{index}].{name}"

    def at(self, path: str, values: Values) -> tuple[str, str] | None:
        """Find the field of a row that a path such as `stops.1.size` leads to: title and mark."""
        number, _, rest = path.removeprefix(f"{self.leaf.path}.").partition(".")
        rows = values[self.leaf.name] or self.usual
        if not number.isdecimal() or int(number) >= len(rows):
            return None
        leaf = self.row.at(rest, rows[int(number)])
        if leaf is None:
            return None
        title = f"{self.leaf.title} {int(number) + 1}: {leaf.title}"
        return title, self.mark(int(number), leaf.name)

    def fill(self, holder: object) -> None:
        """Give `holder` the usual rows, so that they can be seen and changed."""
        rows = getattr(holder, self.leaf.name)
        if len(rows) or getattr(holder, self.emptied.name):
            return
        for values in self.usual:
            row = rows.add()
            for name, value in values.items():
                setattr(row, name, value)

    def change(self, holder: object, action: str, index: int = -1) -> None:
        """Add a row at the end, or remove, raise or lower that at `index`, within the limits."""
        self.fill(holder)
        rows = getattr(holder, self.leaf.name)
        fewest, most = self.limits
        if action == "ADD" and len(rows) < most:
            rows.add()
        elif action == "REMOVE" and len(rows) > fewest:
            rows.remove(index)
        elif action in ("UP", "DOWN"):
            rows.move(index, min(max(index + (1 if action == "DOWN" else -1), 0), len(rows) - 1))
        setattr(holder, self.emptied.name, not len(rows))


def _told(limits: tuple[int, float]) -> str:
    fewest, most = limits
    if fewest and most != float("inf"):
        return f"From {fewest} to {most} rows"
    if fewest:
        return f"At least {fewest} rows"
    return f"At most {most} rows" if most != float("inf") else ""
