"""Makes the fields in which the user chooses where arrays come from and where they go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import bpy
from bpy.props import StringProperty

from . import field_names, offered, properties, sources, targets
from .choices import (
    FILE,
    INSTANCED,
    MESHES,
    NAME_OF,
    NONE,
    OBJECTS_OF,
    SAME,
    SECOND,
    SOURCE,
    TARGET,
    Choices,
    needed,
    same_mesh,
)
from .offered import Option
from .properties import Label

Arrays = Mapping[str, Mapping[str, Any]]


def choice_fields(inputs: Arrays, outputs: Arrays) -> Choices:
    """Make the fields for the inputs and outputs of a catalogue's entry."""
    follows = _follows(inputs)
    read, written = {}, {}
    for name, about in inputs.items():
        usual = about.get("source") or ""
        fits = offered.fitting(offered.SOURCES, about)
        head, argument, options = _with_usual(usual, fits, _as_source(usual))
        if name in follows:
            title = field_names.title(follows[name])
            head = SAME
            options.insert(0, Option(SAME, f"As {title}", "From the mesh of those", frozenset()))
        if about.get("optional"):
            options.append(Option(NONE, "None", "Go without", frozenset()))
        read |= _fields(SOURCE + name, about, options, head or NONE, argument)
    for name, about in outputs.items():
        usual = about.get("target") or ""
        fits = offered.fitting(offered.TARGETS, about)
        head, argument, options = _with_usual(usual, fits, _as_target(usual, name))
        options.append(Option(NONE, "Nowhere", "Do not put it into the scene", frozenset()))
        written |= _fields(TARGET + name, about, options, head or NONE, argument)
    names = {
        *(str(about.get("source") or "") for about in inputs.values()),
        *(str(about.get("target") or "") for about in outputs.values()),
    }
    for prop in (*read.values(), *written.values()):
        names.update(item[0] for item in prop.keywords.get("items", ()))
    return Choices(read, written, _scene(names), follows)


def _follows(inputs: Arrays) -> dict[str, str]:
    usual = {name: about.get("source") or "" for name, about in inputs.items()}
    found = {}
    for name, source in usual.items():
        owner = source.partition(".")[0]
        leaders = (it for it, other in usual.items() if other.startswith(f"{owner}.points"))
        leader = next(leaders, name)
        if owner in MESHES and leader != name and same_mesh(source, usual[leader]) == source:
            found[name] = leader
    return found


def _as_source(usual: str) -> tuple[str, str, str, Callable[[str], bool]]:
    """Split the file's source into name, argument and space; tell what else has a space."""
    head, colon, argument = usual.partition(":")
    name, at, space = head.partition("@")
    return name + colon, argument, at + space, lambda it: sources.SOURCES[it].carry is not None


def _as_target(usual: str, output: str) -> tuple[str, str, str, Callable[[str], bool]]:
    def has_space(name: str) -> bool:
        # What is offered with a colon takes a name, and has no space.
        return ":" not in name and targets.TARGETS[targets.parse(name, output)[0]].has_space

    if not usual:
        return "", "", "", has_space
    base, argument, part, is_world = targets.parse(usual, output)
    space = "@world" if is_world else ""
    if part:
        return f"{base}.{part}", "", space, has_space
    return (f"{base}:" if argument else base), argument, space, has_space


def _with_usual(
    usual: str, fits: list[Option], split: tuple[str, str, str, Callable[[str], bool]]
) -> tuple[str, str, list[Option]]:
    """Give the options in the file's own space, and that of the file among them."""
    head, argument, space, has_space = split
    options = [
        it._replace(name=it.name + space) if space and has_space(it.name) else it for it in fits
    ]
    names = {it.name for it in options}
    if head and head + space in names:
        return head + space, argument, options
    if head and head in names:
        return head, argument, options
    if usual:
        title = field_names.title(usual.partition("@")[0])
        options.insert(0, Option(usual, title, "As the operation has it", frozenset()))
    return usual, "", options


def _fields(
    name: str, about: Mapping[str, Any], options: list[Option], default: str, argument: str
) -> Iterator[tuple[str, object]]:
    """Make a drop-down where there is a choice, and a field for the name that some options take."""
    is_plain = name.isascii() and len(NAME_OF + name) <= field_names.LONGEST
    if len(options) <= 1 or not is_plain:
        return
    label = Label(field_names.title(name.partition("_")[2]), str(about.get("description", "")))
    told = {it.name: {"title": it.title, "description": it.description} for it in options}
    yield name, properties.enum([it.name for it in options], label, default, told).prop
    if any(it.name.endswith(":") for it in options):
        yield (
            NAME_OF + name,
            StringProperty(
                name="Name",
                description="The name of the attribute or vertex group",
                default=argument,
                search=_named(name),
                search_options={"SUGGESTION"},
            ),
        )


def _named(name: str) -> Callable[..., list[str]]:
    """Make the search for the names that the active mesh has."""

    def search(holder: object, context: bpy.types.Context, _text: str) -> list[str]:
        ob = context.view_layer.objects.active
        if ob is None or ob.type != "MESH":
            return []
        if getattr(holder, name) == "vertex_group:":
            return [group.name for group in ob.vertex_groups]
        return [it.name for it in ob.data.attributes if not it.is_internal]

    return search


def _meshes(_holder: object, context: bpy.types.Context, _text: str) -> list[str]:
    return [ob.name for ob in context.scene.objects if ob.type == "MESH"]


def _shown(_holder: object, _context: bpy.types.Context, _text: str) -> list[tuple[str, str]]:
    objects = [(ob.name, "Object") for ob in bpy.data.objects]
    return objects + [(it.name, "Collection") for it in bpy.data.collections]


def _scene(names: Iterable[str]) -> dict[str, object]:
    """Make the fields that sources and targets of these names need."""
    made = {
        SECOND: StringProperty(
            name="Second Object",
            description="The other mesh object that the operation works with",
            search=_meshes,
        ),
        OBJECTS_OF: StringProperty(
            name="Collection",
            description="Use the objects of this collection instead of those selected",
        ),
        INSTANCED: StringProperty(
            name="Instance",
            description="The object, or the collection, that is shown at each of the points",
            search=_shown,
        ),
        FILE: properties.file_path(name="File", description="The .csv or .npy file with the table"),
    }
    wanted = needed(names)
    return {name: prop for name, prop in made.items() if name in wanted}
