"""Compares operations with Blender's own modifiers, and prints a table.

    OUTBOARD_BLENDER=blender .venv/bin/python -m tests.gui.compare

A ratio is the median of what an operation takes by what its counterpart takes, pair by pair; the
operation's time is that of the whole call: reading, sending, computing, applying.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from .stage import Blender

NAMES = ["displace_noise", "smooth_mesh", "simplify_mesh", "boolean_meshes"]
WITHIN = 600


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        blender = Blender(os.environ["OUTBOARD_BLENDER"], Path(folder))
        blender.install()
        blender.server.start()
        names = sys.argv[1:] or NAMES
        said = blender.run_in_background("tests/gui/counterparts.py", *names, timeout=WITHIN)
    print(
        f"{'operation':16} {'triangles':>10} {'ms':>8}  {'counterpart':18} {'ms':>8} {'ratio':>6}"
    )
    for line in said.splitlines():
        if line.startswith("COMPARED "):
            row = json.loads(line[9:])
            print(
                f"{row['operation']:16} {row['triangles']:10,} {row['ms']:8.1f}  "
                f"{row['counterpart']:18} {row['its_ms']:8.1f} {row['ratio']:6.2f}  {row['note']}"
            )


if __name__ == "__main__":
    main()
