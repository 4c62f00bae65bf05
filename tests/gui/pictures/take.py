"""Runs inside Blender: takes the picture of each operation, which is run by its operator."""

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import studio  # noqa: E402
from background import connect  # noqa: E402


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
