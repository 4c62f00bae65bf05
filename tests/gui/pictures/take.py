"""Runs inside Blender: takes the picture of each operation, which is run by its operator."""

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import studio  # noqa: E402

PACKAGE = "bl_ext.user_default.outboard.scene"
CONNECTED_WITHIN = 60.0


def connect() -> None:
    """Connect to the server that OUTBOARD_HOME leads to, and take its catalogue."""
    connection, pump, calls = (
        importlib.import_module(f"{PACKAGE}.{it}") for it in ("connection", "pump", "calls")
    )
    connection.connect()
    end = time.monotonic() + CONNECTED_WITHIN
    while "transform_points" not in calls.CALLS:
        assert time.monotonic() < end, connection.client().line
        # In the background nothing calls the timer's function.
        pump.tick()
        connection.client().sleep(0.01)


def main() -> None:
    """Take the pictures named on the command line, into the folder before them."""
    folder, *names = sys.argv[sys.argv.index("--") + 1 :]
    connect()
    failed = [name for name in names if not _take(name, Path(folder))]
    sys.exit(f"failed: {' '.join(failed)}" if failed else 0)


def _take(name: str, folder: Path) -> bool:
    started = time.monotonic()
    try:
        studio.clear()
        recipe = importlib.import_module(f"recipes.{name}")
        recipe.prepare()
        studio.render(folder / f"{name}.png", **getattr(recipe, "LOOK", {}))
    except Exception:  # noqa: BLE001 - the others are looked at all the same
        traceback.print_exc()
        return False
    took = time.monotonic() - started
    print("PICTURE", json.dumps({"name": name, "seconds": round(took, 2)}), flush=True)
    return True


main()
