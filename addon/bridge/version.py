"""The extension's own version, as its manifest says it."""

import re
from pathlib import Path


def read_version(manifest: Path) -> str:
    """Return the version that stands in a manifest."""
    # Every start of Blender reads it, and a parser for all of TOML takes 2 ms to load.
    return re.search(r'^version = "(.+)"$', manifest.read_text("utf-8"), re.MULTILINE)[1]


VERSION = read_version(Path(__file__).resolve().parents[1] / "blender_manifest.toml")
