"""Steps, a ramp, walls, and on them where somebody can walk."""

import numpy as np
import studio

RADIUS, STEP, CLIMB = 0.25, 0.25, 0.3
# Middle and size of the blocks: a floor, a terrace, five steps up to it, walls, a pillar.
BLOCKS = [
    ((0, 0, -0.1), (9, 5, 0.2)),
    ((3.2, 0, 0.625), (2.6, 5, 1.25)),
    *(((1.7 - 0.4 * at, 1.2, 0.5 - 0.125 * at), (0.4, 1.6, 1 - 0.25 * at)) for at in range(4)),
    ((-1.2, 0.6, 0.6), (0.2, 2.4, 1.2)),
    ((-2.4, -1.2, 0.6), (2.6, 0.2, 1.2)),
    ((0.6, -1.5, 0.9), (0.7, 0.7, 1.8)),
    ((3.4, -0.9, 1.75), (1, 1, 1)),
]
CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def prepare() -> None:
    points = np.concatenate([CORNERS * size + middle for middle, size in BLOCKS])
    faces = [tuple(8 * at + np.array(quad)) for at in range(len(BLOCKS)) for quad in QUADS]
    place = studio.add("Place", points, faces)
    studio.run("build_navmesh", agent_radius=RADIUS, step=CLIMB, cell_size=0.06)
    after = studio.made("Build Navmesh")
    at = studio.positions(after)
    # From the floor by the steps to the terrace in one piece, and nowhere over the edge.
    assert at[:, 2].min() < 0.2
    assert at[:, 2].max() > 1.15
    assert np.abs(at[:, 0]).max() < 4.5 - 0.8 * RADIUS
    assert np.abs(at[:, 1]).max() < 2.5 - 0.8 * RADIUS
    assert _pieces(len(at), studio.triangles(after)) < 6
    after.location.z = 0.06
    studio.paint(studio.BEFORE, place)
    studio.paint(studio.AFTER, after)
    edges = [tuple(it.vertices) for it in after.data.edges]
    studio.bars(after, edges, 0.015, (0.3, 0.07, 0.01, 1))


def _pieces(count: int, triangles: np.ndarray) -> int:
    """Count the parts that have no point in common."""
    part = np.arange(count)
    for _ in range(count):
        lowest = part.copy()
        np.minimum.at(lowest, triangles.ravel(), np.repeat(part[triangles].min(1), 3))
        if np.array_equal(lowest, part):
            break
        part = lowest
    return len(np.unique(part[triangles]))


LOOK = {"tall": 42}
