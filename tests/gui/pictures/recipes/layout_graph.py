"""A graph whose edges run all across each other, and the same one laid out."""

import numpy as np
import studio

# A ladder that is closed to a ring: every point has three neighbours.
RUNGS = 12
EDGES = [
    *((k, k + RUNGS) for k in range(RUNGS)),
    *((k, (k + 1) % RUNGS) for k in range(RUNGS)),
    *((k + RUNGS, (k + 1) % RUNGS + RUNGS) for k in range(RUNGS)),
]


def prepare() -> None:
    tangled = np.random.default_rng(6).uniform(-1.8, 1.8, (2 * RUNGS, 3)) * (1, 0.6, 0.85)
    before = studio.add("Tangled", tangled, edges=EDGES)
    after = studio.copied(before)
    studio.activate(after)
    studio.run("layout_graph", edge_length=1, repulsion=1.2, steps=400, seed=3)
    # What kinks an edge is gone: they are nearly alike in length.
    assert _lengths(after).std() < 0.15 * _lengths(after).mean()
    assert _lengths(before).std() > 0.3 * _lengths(before).mean()
    _turn_flat(after)
    studio.beside([before], [after], gap=1)
    for ob, colour in ((before, studio.BEFORE), (after, studio.AFTER)):
        studio.bars(ob, EDGES, 0.035, (0.3, 0.31, 0.33, 1))
        studio.balls(studio.positions(ob) + ob.location, 0.15, colour)


def _lengths(ob: object) -> np.ndarray:
    one, other = np.array(EDGES).T
    at = studio.positions(ob)
    return np.linalg.norm(at[one] - at[other], axis=1)


def _turn_flat(ob: object) -> None:
    """Turn what was laid out so that it is seen from where it is largest."""
    at = studio.positions(ob) - studio.positions(ob).mean(0)
    axes = np.linalg.svd(at, full_matrices=False)[2]
    seen = at @ axes.T[:, [0, 2, 1]]
    lean = np.radians(-35)
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]]
    )
    scale = 1.8 / np.abs(seen).max()
    ob.data.vertices.foreach_set("co", (scale * seen @ about_x.T).ravel())
    ob.data.update()


LOOK = {"tall": 8}
