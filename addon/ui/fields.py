"""Draws a button's fields, alike in the panel and in the redo panel of F9."""

from dataclasses import dataclass

import bpy

from ..scene.calls import INSTANCED, SECOND, Call
from ..scene.form import Choice, Constant, Group, Leaf, Part, Switched

# Fields that choose an object of the scene.
OBJECTS = (SECOND, INSTANCED)


@dataclass(frozen=True)
class _Drawing:
    """What all fields of one drawing share: where the values are, which fields are marked."""

    holder: object
    hidden: frozenset[str]
    marked: frozenset[str]

    def part(self, layout: bpy.types.UILayout, part: Part) -> None:
        """Draw a part of a form."""
        if isinstance(part, Leaf):
            self.field(layout, part.name)
        elif isinstance(part, Choice):
            self.field(layout, part.leaf.name)
            self.parts(layout, part.chosen(getattr(self.holder, part.leaf.name)))
        elif isinstance(part, Switched):
            self.switched(layout, part)
        elif isinstance(part, Group) and part.parts:
            layout.separator()
            box = layout.box().column()
            box.label(text=part.title)
            self.parts(box, part)

    def parts(self, layout: bpy.types.UILayout, group: Group) -> None:
        """Draw the parts of an object one below the other."""
        for key, part in group.parts.items():
            if key in group.headings:
                layout.separator()
                layout.label(text=group.headings[key])
            self.part(layout, part)

    def field(self, layout: bpy.types.UILayout, name: str, text: str | None = None) -> None:
        """Draw one field, marked if it is the one that was refused."""
        if name in self.hidden:
            return
        row = layout.column()
        row.alert = name in self.marked
        label = {} if text is None else {"text": text}
        if name in OBJECTS:
            row.prop_search(self.holder, name, bpy.data, "objects", **label)
        else:
            row.prop(self.holder, name, **label)

    def switched(self, layout: bpy.types.UILayout, part: Switched) -> None:
        """Draw a checkbox and, beside or below it, what it switches on."""
        is_on = getattr(self.holder, part.switch.name)
        if isinstance(part.part, Constant) or not isinstance(part.part, Leaf):
            self.field(layout, part.switch.name)
            if is_on:
                self.part(layout, part.part)
            return
        row = layout.row(heading=part.switch.title)
        row.prop(self.holder, part.switch.name, text="")
        beside = row.column()
        beside.active = is_on
        self.field(beside, part.part.name, text="")


def draw(
    layout: bpy.types.UILayout,
    holder: object,
    call: Call,
    hidden: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
) -> None:
    """Draw the fields of `holder`, a property group or an operator, except the hidden ones."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    column = layout.column()
    drawing = _Drawing(holder, hidden, marked)
    in_form = call.form.fields if call.form else {}
    for name in call.fields:
        if name not in in_form:
            drawing.field(column, name)
    if call.form:
        drawing.parts(column, call.form.group)


def reset(holder: object, call: Call) -> None:
    """Set all fields of `holder` back to their defaults."""
    for name in call.fields:
        holder.property_unset(name)


def mend(holder: object, call: Call) -> None:
    """Set a drop-down whose chosen item is gone back to its default."""
    for name, prop in call.fields.items():
        if prop.function is bpy.props.EnumProperty and not getattr(holder, name):
            holder.property_unset(name)
