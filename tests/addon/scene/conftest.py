"""Lets the tests of this folder import `in_blender` and use its fixtures."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from in_blender import (
    blender,
    listed,
    registered,
    told,
)

__all__ = [
    "blender",
    "listed",
    "registered",
    "told",
]
