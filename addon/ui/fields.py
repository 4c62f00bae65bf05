"""Draws a button's fields, alike in the panel and in the redo panel of F9."""

from typing import NamedTuple

import bpy

from ..scene.calls import Call
from ..scene.choices import INSTANCED, NAME_OF, OBJECTS_OF, SECOND, needed
from ..scene.form import Choice, Constant, Group, Leaf, Part, Switched
from ..scene.rows import Rows

# Fields that choose something of the scene, and where Blender has it.
CHOSEN_IN = {OBJECTS_OF: "collections"}
ICONS = {INSTANCED: "OBJECT_DATA", SECOND: "OBJECT_DATA"}


class Drawing(NamedTuple):
    """What all fields of one drawing share: where the values are, which fields are marked."""

    holder: object
    hidden: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    # The button whose lists can be changed in length here.
    button: str = ""

    def part(self, layout: bpy.types.UILayout, part: Part) -> None:
        """Draw a part of a form."""
        if isinstance(part, Leaf):
            self.field(layout, part.name)
        elif isinstance(part, Choice):
            self.field(layout, part.leaf.name)
            self.parts(layout, part.chosen(getattr(self.holder, part.leaf.name)))
        elif isinstance(part, Switched):
            self.switched(layout, part)
        elif isinstance(part, Rows):
            self.rows(layout, part)
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
        more = {} if text is None else {"text": text}
        if name in CHOSEN_IN:
            row.prop_search(self.holder, name, bpy.data, CHOSEN_IN[name], **more)
            return
        prop = self.holder.bl_rna.properties[name]
        if getattr(prop, "subtype", "") == "MATRIX":
            self.matrix(row, prop)
        else:
            row.prop(self.holder, name, icon=ICONS.get(name, "NONE"), **more)

    def matrix(self, layout: bpy.types.UILayout, prop: bpy.types.FloatProperty) -> None:
        """Draw a matrix over the whole width: beside its name its numbers would be cut off."""
        layout.use_property_split = False
        layout.label(text=prop.name)
        height, width = prop.array_dimensions[:2]
        rows = layout.column(align=True)
        for row in range(height):
            line = rows.row(align=True)
            for column in range(width):
                # Blender keeps the columns of a matrix together.
                index = column * height + row
                line.prop(self.holder, prop.identifier, index=index, text="")

    def switched(self, layout: bpy.types.UILayout, part: Switched) -> None:
        """Draw a checkbox and, beside or below it, what it switches on."""
        is_on = getattr(self.holder, part.switch.name)
        if isinstance(part.part, Constant) or not isinstance(part.part, Leaf):
            self.field(layout, part.switch.name)
            if is_on and isinstance(part.part, Group):
                # The switch above is its title.
                self.parts(layout.box().column(), part.part)
            elif is_on:
                self.part(layout, part.part)
            return
        row = layout.row(heading=part.switch.title)
        row.prop(self.holder, part.switch.name, text="")
        beside = row.column()
        beside.active = is_on
        self.field(beside, part.part.name, text="")

    def rows(self, layout: bpy.types.UILayout, part: Rows) -> None:
        """Draw a list: a box for each row, and where it can be changed in length, buttons."""
        rows = getattr(self.holder, part.leaf.name)
        layout.separator()
        column = layout.column(align=True)
        title = column.row()
        title.alert = part.leaf.name in self.marked
        title.label(text=part.leaf.title)
        for index, row in enumerate(rows):
            box = column.box().row()
            around = part.mark(index, "")
            marked = frozenset(it.removeprefix(around) for it in self.marked if around in it)
            self.row(box.column(), Drawing(row, marked=marked), part.row.group)
            if self.button:
                self._row_buttons(box.column(align=True), part, index, len(rows))
        if self.button:
            last = column.row()
            last.enabled = len(rows) < part.limits[1]
            self._button(last, part, "ADD", "ADD", text="Add")
        elif not rows and part.usual and not getattr(self.holder, part.emptied.name):
            column.label(text="As the operation has it", icon="INFO")

    @staticmethod
    def row(layout: bpy.types.UILayout, drawing: "Drawing", part: Part) -> None:
        """Draw the fields of a row, without a box of their own."""
        (drawing.parts if isinstance(part, Group) else drawing.part)(layout, part)

    def _row_buttons(self, layout: bpy.types.UILayout, part: Rows, index: int, count: int) -> None:
        for action, icon, is_possible in (
            ("REMOVE", "X", count > part.limits[0]),
            ("UP", "TRIA_UP", index > 0),
            ("DOWN", "TRIA_DOWN", index < count - 1),
        ):
            place = layout.row()
            place.enabled = is_possible
            if action == "REMOVE" or count > 1:
                self._button(place, part, action, icon, index=index)

    def _button(
        self,
        layout: bpy.types.UILayout,
        part: Rows,
        action: str,
        icon: str,
        text: str = "",
        index: int = -1,
    ) -> None:
        button = layout.operator("outboard.change_rows", text=text, icon=icon)
        button.operation, button.field = self.button, part.leaf.name
        button.action, button.index = action, index


def draw(layout: bpy.types.UILayout, drawing: Drawing, call: Call) -> None:
    """Draw all fields, except the hidden ones."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    column = layout.column()
    essential = needed([*call.sources.values(), *call.targets.values()]) - {OBJECTS_OF}
    in_form = call.form.fields if call.form else {}
    for name in call.fields:
        if name in essential or not (name in in_form or name in call.choices.fields):
            drawing.field(column, name)
    if call.form:
        drawing.parts(column, call.form.group)
    if call.choices.fields.keys() - essential:
        # Open or closed, it is the same in the panel of every operation.
        header, body = layout.panel("OUTBOARD_PT_from_to", default_closed=True)
        header.label(text="From / To")
        if body:
            _draw_choices(body.column(), drawing, call, essential)


def _draw_choices(
    layout: bpy.types.UILayout, drawing: Drawing, call: Call, essential: frozenset[str]
) -> None:
    values = {name: getattr(drawing.holder, name) for name in call.choices.fields}
    for title, fields, chosen in (
        ("From", call.choices.inputs, call.sources_for(values)),
        ("To", call.choices.outputs, call.targets_for(values)),
    ):
        wanted = needed(chosen.values()) & call.choices.scene.keys() - essential
        if fields or wanted:
            layout.label(text=title)
        for name in fields:
            if name.startswith(NAME_OF) and not values[name.removeprefix(NAME_OF)].endswith(":"):
                continue
            drawing.field(layout, name)
        for name in sorted(wanted):
            drawing.field(layout, name)


def reset(holder: object, call: Call) -> None:
    """Set all fields of `holder` back to their defaults."""
    for name in call.fields:
        holder.property_unset(name)
