"""The extension's own version, as its manifest says it."""

import tomllib
from pathlib import Path


def read_version(manifest: Path) -> str:
    """Return the version that stands in a manifest."""
    return tomllib.loads(manifest.read_text("utf-8"))["version"]


VERSION = read_version(Path(__file__).resolve().parents[1] / "blender_manifest.toml")
