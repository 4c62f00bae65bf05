"""Many objects at once: reads and writes all of them without a loop in Python, which is slow."""

from collections.abc import Iterator
from operator import attrgetter

import bpy
import numpy as np

Collection = bpy.types.bpy_prop_collection

DTYPES = {"BOOLEAN": np.bool_, "ENUM": np.int32, "INT": np.int32}


class Together(list):
    """The objects of a collection of the view layer, while that is known to have no others.

    It changes, as the selection does: it is known until something is written.
    """

    def __init__(self, collection: Collection) -> None:
        # What was deleted leaves a hole until now, and whoever reads from there crashes Blender.
        bpy.context.view_layer.update()
        super().__init__(collection[:])
        self.collection = collection

    def numbers(self, name: str) -> np.ndarray:
        """Read a switch, a whole number or a choice, by its number, of each object."""
        numbers = np.empty(len(self), DTYPES[_property(name).type])
        self.collection.foreach_get(name, numbers)
        return numbers


def collections(count: int) -> Iterator[Collection]:
    """List the collections that jobs work on, if they have `count` objects; likeliest first."""
    layer = bpy.context.view_layer.objects
    return (it for it in (layer.selected, layer) if len(it) == count)


def collection_of(objects: list[bpy.types.Object]) -> Collection | None:
    """Find the collection that has exactly `objects`, in this order; None if there is none.

    Its `foreach_set` only stores: each object must be tagged afterwards, or the scene does not
    show it.
    """
    if isinstance(objects, Together):
        return objects.collection
    return next((it for it in collections(len(objects)) if it[:] == objects), None)


def is_each(objects: list[bpy.types.Object], name: str, value: object) -> bool:
    """Tell whether a switch, or a choice, is at `value` for each of `objects`."""
    if isinstance(objects, Together):
        choices = getattr(_property(name), "enum_items", None)
        wanted = choices[value].value if choices else value
        return bool((objects.numbers(name) == wanted).all())
    return {value}.issuperset(map(attrgetter(name), objects))


def _property(name: str) -> bpy.types.Property:
    return bpy.types.Object.bl_rna.properties[name]
