"""Names for fields: what Blender accepts as a property's name, and what a user reads."""

import functools
import itertools
import keyword
import re
import zlib

import bpy

# Blender's own limit.
LONGEST = 63
# So many fields in a row make a heading worth its line.
ENOUGH = 3


def _own_names(kind: type) -> set[str]:
    return {*dir(kind), *kind.bl_rna.properties.keys(), *kind.bl_rna.functions.keys()}


# A field of such a name would hide what Blender, Python or an operator of ours needs.
RESERVED = frozenset(
    {
        *_own_names(bpy.types.Operator),
        *_own_names(bpy.types.PropertyGroup),
        *keyword.kwlist,
        *("draw", "execute", "invoke", "poll", "modal", "cancel", "check", "job", "is_open"),
    }
)


@functools.cache
def words(key: str) -> tuple[str, ...]:
    """Split a key such as `randomScale`, `own_origin` or `noise-2d` into its words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", key)
    return tuple(word for word in re.split(r"[\W_]+", spaced) if word)


@functools.cache
def title(key: str) -> str:
    """Make a label of a key: `randomScale` is Random Scale."""
    return " ".join(word[:1].upper() + word[1:] for word in words(key)) or key


def shared_words(keys: list[str]) -> dict[str, str]:
    """Tell the first word of keys that share it with at least two neighbours, as a heading."""
    found = {}
    for first, run in itertools.groupby(keys, key=lambda key: title(key).partition(" ")[0]):
        same = [key for key in run if len(words(key)) > 1]
        if len(same) >= ENOUGH:
            found |= dict.fromkeys(same, first)
    return found


def identifier(keys: tuple[str, ...], taken: set[str]) -> str:
    """Make a property's name of a path of keys, unlike any in `taken`, and add it to them.

    Of the same keys in the same order it makes the same names: values survive by their names.
    """
    name = "_".join(word for key in keys for word in _ascii_words(key))
    if not name or name[0].isdigit():
        name = f"p_{name}"
    if name in RESERVED:
        name += "_value"
    name = shortened(name)
    number, plain = 1, name
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
        if len(name) > LONGEST:
            name = _with_mark(plain, name)
    taken.add(name)
    return name


@functools.cache
def _ascii_words(key: str) -> tuple[str, ...]:
    plain = (re.sub(r"[^a-z0-9]", "", word.lower()) for word in words(key))
    return tuple(word for word in plain if word)


def shortened(name: str) -> str:
    """Cut a name that is too long for Blender, and mark it by what it was."""
    return name if len(name) <= LONGEST else _with_mark(name, name)


def _with_mark(name: str, whole: str) -> str:
    mark = f"_{zlib.crc32(whole.encode()):08x}"
    return name[: LONGEST - len(mark)] + mark
