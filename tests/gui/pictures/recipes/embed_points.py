"""The rows of a .csv file in space: rows that are alike lie together."""

import tempfile
from pathlib import Path

import numpy as np
import studio

SORTS, EACH, COLUMNS = 5, 130, 24


def prepare() -> None:
    rng = np.random.default_rng(8)
    ends = rng.normal(0, 2.5, (SORTS, COLUMNS))
    sort, way = np.repeat(np.arange(SORTS), EACH), rng.uniform(0, 1, SORTS * EACH)
    rows = ends[sort] * way[:, None] + rng.normal(0, 0.35, (SORTS * EACH, COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        np.savetxt(path, rows, delimiter=",", header=",".join("abcdefghijklmnopqrstuvwx"))
        studio.run(
            "embed_points", file=str(path), neighbours=30, min_distance=0.6, epochs=250, seed=1
        )
    after = studio.made("Embed Points")
    at = studio.positions(after)
    assert at.shape == (SORTS * EACH, 3)
    between = np.linalg.norm(at[:, None] - at, axis=2) + np.diag(np.full(len(at), np.inf))
    # The nearest point is of the same sort, but where all begin.
    assert (sort[between.argmin(1)] == sort)[way > 0.3].mean() > 0.95
    studio.balls(at, 0.2, studio.PALETTE[sort])


LOOK = {"tall": 22, "colours": "VERTEX"}
