"""Imports addon/ as the package `outboard`, whatever folder it lies in."""

import importlib.util
import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parents[3] / "addon"


def import_addon() -> None:
    """Import it as plain Python does; from then on `import outboard.bridge` finds it."""
    # The environment of the tests has Blender as a module, which is half a second of its own.
    sys.modules["bpy"] = None
    spec = importlib.util.spec_from_file_location(
        "outboard", ADDON / "__init__.py", submodule_search_locations=[str(ADDON)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["outboard"] = module
    spec.loader.exec_module(module)
