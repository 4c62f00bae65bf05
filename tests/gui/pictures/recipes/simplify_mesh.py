"""A fine head, and one with a seventh of its triangles."""

import studio


def prepare() -> None:
    before = studio.monkey(levels=1)
    studio.activate(before)
    studio.run("simplify_mesh", target_ratio_ratio=0.15)
    after = studio.made("Simplify Mesh")
    count, left = len(studio.triangles(before)), len(studio.triangles(after))
    assert 0.14 * count < left < 0.1501 * count
    kept = {tuple(it.co) for it in after.data.vertices}
    assert kept <= {tuple(it.co) for it in before.data.vertices}
    studio.beside([before], [after], gap=0.5)
    studio.paint(studio.BEFORE, before, smooth=False)
    studio.paint(studio.AFTER, after, smooth=False)
    for ob, radius in ((before, 0.004), (after, 0.007)):
        studio.bars(ob, [tuple(it.vertices) for it in ob.data.edges], radius)
