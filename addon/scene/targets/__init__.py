"""Writes arrays into the scene: the targets that an operation's output can name.

======================= ============================ ==========================================
name                    array                        what becomes of it
======================= ============================ ==========================================
mesh.points             (n, 3)                       the active mesh's positions, own space
selected.points         (s, 3)                       the positions of its selected vertices only
shape_key               (n, 3)                       a new shape key; `shape_key:NAME` names it
attribute:NAME          (n,), (n, 2), (n, 3),        an attribute of the active mesh: float or
                        (n, 4), (n, 4, 4)            integer, 2D vector, vector, colour, matrix;
                                                     domain by length, or `attribute:NAME@face`
mesh.copy               (n, 3)                       a copy of the active object, with the points
mesh.new                see below                    a new mesh object
objects.matrix_world    (n, 4, 4)                    the world matrices of the selected objects
objects.locations       (n, 3)                       their origins in world space
location.add            (n, 3)                       moves each selected object, world space
cube.location.add       (1, 3)                       moves the object Cube, else the active one
objects.new             see below                    new objects, at most some thousand
instances               see below                    a point mesh that shows an object at each
                                                     point, quick for a million
======================= ============================ ==========================================

Several outputs make one target by its parts, each output naming its own, such as
`mesh.new.triangles`. An output that names the target alone is the part that has the output's name,
else an attribute with that name.

- `mesh.new` takes points (n, 3); triangles (m, 3), quads (m, 4), edges (k, 2); normals, one for
  each vertex or each corner; uvs, alike; and any `attribute:NAME`.
- `mesh.copy` takes points and any `attribute:NAME`.
- `instances` and `objects.new` take points or matrices (n, 4, 4); rotations, (n, 3) as Euler XYZ or
  (n, 4) as quaternions WXYZ; scales, (n,) or (n, 3); `instances` also any `attribute:NAME`.

Positions are in the own space of the active mesh, curve or point cloud; new objects are put where
that one is. With `@world` behind the name, positions are in world space.
"""

from collections.abc import Mapping

import numpy as np

from ..scope import Scope
from ..subjects import Misfit, Refused, check_modes, quoted
from . import attribute, checks, instances, mesh_copy, mesh_new, mesh_points, objects, objects_new
from .target import Parts, Place, Target

TARGETS: dict[str, Target] = {
    **mesh_points.TARGETS,
    **attribute.TARGETS,
    **objects.TARGETS,
    **mesh_copy.TARGETS,
    **mesh_new.TARGETS,
    **objects_new.TARGETS,
    **instances.TARGETS,
}


def places(scope: Scope) -> list[Place]:
    """Find where the outputs of a call go; outputs of one target share a place.

    Raises
    ------
    Refused
        When there is no such target, or two outputs would be the same part of one.
    """
    found: dict[tuple[str, str], Place] = {}
    for output, name in scope.call.targets_for(scope.values).items():
        base, argument, part, is_world = parse(name, output)
        place = found.setdefault((base, argument), Place(base, argument))
        if part in place.outputs:
            raise Refused(f"Two outputs are to become the same thing, {quoted(name)}")
        place.outputs[part] = output
        place.is_world |= is_world
    return list(found.values())


def parse(name: str, output: str) -> tuple[str, str, str, bool]:
    """Split a target's name into target, argument, part, and whether it is in world space.

    Raises
    ------
    Refused
        When there is no such target.
    """
    head, colon, argument = name.partition(":")
    head, at, where = head.partition("@")
    is_world = at + where == "@world"
    base, _, part = head.rpartition(".")
    if head in TARGETS:
        base, part = head, ""
    target = TARGETS.get(base)
    if target is None or (at and not (is_world and target.has_space)):
        raise Refused(f"There is no target named {quoted(name)}")
    if colon and not argument and (target.needs_name or target.has_attributes):
        raise Refused("No name is given for the attribute")
    if not target.parts:
        if part or (colon and not target.takes_name) or (target.needs_name and not argument):
            raise Refused(f"There is no target named {quoted(name)}")
        return base, argument, "", is_world
    if not part and not colon:
        part = output if output in target.parts else f"attribute:{output}"
    elif part == "attribute" and argument:
        part = f"attribute:{argument}"
    is_known = part in target.parts or (part.startswith("attribute:") and target.has_attributes)
    if not is_known or (colon and not part.startswith("attribute:")):
        raise Refused(f"There is no target named {quoted(name)}")
    return base, "", part, is_world


def is_known(name: str, output: str) -> bool:
    """Tell whether there is such a target for the output named `output`."""
    try:
        parse(name, output)
    except Refused:
        return False
    return True


def check_ready(scope: Scope) -> None:
    """Refuse what could not be written whatever the result is, before anything is sent.

    Raises
    ------
    Refused
        With one plain line.
    """
    found = places(scope)
    if not found:
        raise Refused("Nothing would come of it: choose where at least one of the results goes")
    for place in found:
        target = TARGETS[place.target]
        if target.role:
            check_modes(scope.of(target.role))
        target.ready(scope, place)


def write(scope: Scope, outputs: Mapping[str, np.ndarray]) -> str:
    """Check all arrays, then write them all. Returns what was done, in words.

    `check_ready` comes first, with nothing in between that could change the scene.

    Raises
    ------
    Refused
        With one plain line; the scene is untouched then.
    """
    prepared = []
    for place in places(scope):
        target = TARGETS[place.target]
        parts: Parts = {part: outputs[output] for part, output in place.outputs.items()}
        try:
            prepared.append((target, place, target.prepare(scope, place, parts)))
        except Refused as refused:
            for output in place.outputs.values():
                checks.check_finite(output, outputs[output])
            raise Misfit(str(refused)) from refused
    done = []
    for target, place, what in prepared:
        done.append(target.write(scope, place, what))
        # It may have selected, or linked, what it made.
        scope.forget_collections()
    return ", ".join(done)
