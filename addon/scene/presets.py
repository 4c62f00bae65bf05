"""Presets: the values of an operation's fields in a file, written as Blender's own are.

Blender writes and runs presets as Python. Those of an operator and those of the panel are the same
files; here they are only read, line by line, so that one line that fits no more harms no other.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

HEAD = "import bpy\nop = bpy.context.active_operator\n\n"


def folder(name: str) -> str:
    """Name the folder of an operator's presets, below Blender's own folder for presets."""
    return f"operator/outboard.{name}"


def write(path: Path, values: Mapping[str, object]) -> None:
    """Write the values of fields, as `calls.plain` gives them, to a file."""
    path.write_text(HEAD + "".join(_lines(values)), encoding="utf-8")


def _lines(values: Mapping[str, object]) -> Iterator[str]:
    for name, value in values.items():
        if not _is_list(value):
            yield f"op.{name} = {value!r}\n"
            continue
        yield f"op.{name}.clear()\n"
        for row in value:
            yield f"row = op.{name}.add()\n"
            yield from (f"row.{key} = {it!r}\n" for key, it in row.items())


def _is_list(value: object) -> bool:
    # No vector is without numbers, so what is empty is a list without rows.
    return isinstance(value, tuple) and all(isinstance(it, dict) for it in value)


def read(path: Path, holder: object) -> None:
    """Set the fields of `holder`, a property group, as a preset has them.

    What it says of fields that there are no more, or that do not take such a value, is left out.

    Raises
    ------
    OSError, SyntaxError, ValueError
        When the file cannot be read, or is no Python.
    """
    # The rows that the file has names for.
    known: dict[str, object] = {"op": holder}
    for line in ast.parse(path.read_text(encoding="utf-8")).body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                known[name] = _call(call, known, "add")
            case ast.Expr(value=ast.Call() as call):
                _call(call, known, "clear")
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=name), attr=field)], value=value
            ):
                _set(known.get(name), field, value)


def _call(call: ast.Call, known: Mapping[str, object], wanted: str) -> object:
    """Do `op.rows.clear()` or `op.rows.add()`; None where there is no such list."""
    match call.func:
        case ast.Attribute(
            value=ast.Attribute(value=ast.Name(id=name), attr=field), attr=method
        ) if method == wanted:
            return getattr(_list(known.get(name), field), method, lambda: None)()
    return None


def _list(holder: object, field: str) -> object:
    prop = _property(holder, field)
    return getattr(holder, field) if prop and prop.type == "COLLECTION" else None


def _property(holder: object, field: str) -> object:
    found = holder.bl_rna.properties.get(field) if holder else None
    return found if found and found.is_runtime else None


def _set(holder: object, field: str, value: ast.expr) -> None:
    if not _property(holder, field):
        return
    try:
        setattr(holder, field, ast.literal_eval(_bare(value)))
    except (TypeError, ValueError):
        # Another version of the operation had another kind of field, or another item, here.
        return


def _bare(value: ast.expr) -> ast.expr:
    """Take the numbers out of `Vector((1, 2))`, as which Blender writes the rows of a matrix."""
    match value:
        case ast.Call(func=ast.Name(), args=[inside]):
            return inside
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return ast.Tuple([_bare(it) for it in parts], ast.Load())
    return value
