"""Imports numpy, then the extension's package, and prints how many milliseconds each took."""

import json
import sys
import time

# Users have the compiled files; the warm-up makes them here, whatever the environment says.
sys.dont_write_bytecode = False

BEGUN = time.perf_counter()
import numpy as np  # noqa: E402

NUMPY = time.perf_counter() - BEGUN

from import_addon import import_addon  # noqa: E402

BEGUN = time.perf_counter()
import_addon()
OUTBOARD = time.perf_counter() - BEGUN

assert np.arange(3).sum() == 3
print(json.dumps({"numpy": NUMPY * 1000, "outboard": OUTBOARD * 1000}))
