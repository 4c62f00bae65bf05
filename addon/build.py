"""Builds the extension: `python3 addon/build.py` writes dist/outboard-VERSION.zip.

Needs Python 3.11 or newer with pip, nothing else. The one thing that is fetched is the wheel of
`websockets`, whose hash is pinned here; it stays in dist/wheels for the next build.
"""

import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ADDON = Path(__file__).resolve().parent
ROOT = ADDON.parent

# The pure wheel: it has no platform and no Python ABI, so one zip serves every Blender.
REQUIREMENT = "websockets==17.4"
WHEEL = "websockets-17.4-py3-none-any.whl"
WHEEL_SHA256 = "c6bd2c9781915592b209160d0f017d4c7c82ad53075e6b0c24d2a89299e7f9e9"

MAX_BYTES = 1_000_000
# The oldest date that a zip can hold; real ones would make every build another file.
DATE = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644
UNIX = 3

NOT_PACKED = {"__pycache__", "wheels"}


def fetch_wheel(folder: Path) -> Path:
    """Return the pinned wheel, fetched by pip unless `folder` has it already.

    Parameters
    ----------
    folder : Path
        Where it is kept between builds.

    Raises
    ------
    SystemExit
        With a plain line, if pip fails or brings another file.
    """
    wheel = folder / WHEEL
    if wheel.is_file() and _sha256(wheel) == WHEEL_SHA256:
        return wheel
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        requirements = Path(temporary) / "requirements.txt"
        requirements.write_text(f"{REQUIREMENT} --hash=sha256:{WHEEL_SHA256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--no-deps", "--require-hashes"]
        # Without these four, pip would rather bring the wheel that is made for this machine.
        command += ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
        command += ["--python-version=3.11", f"--dest={temporary}", f"--requirement={requirements}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        fetched = Path(temporary) / WHEEL
        if done.returncode != 0 or not fetched.is_file():
            said = done.stderr.strip() or f"it brought no {WHEEL}"
            sys.exit(f"Could not fetch {REQUIREMENT} with pip: {said}")
        wheel.write_bytes(fetched.read_bytes())
    if _sha256(wheel) != WHEEL_SHA256:
        wheel.unlink()
        sys.exit(f"{WHEEL} is not the file that was pinned; try again")
    return wheel


def collect_files(wheel: Path) -> dict[str, bytes]:
    """Return what goes into the zip, by the name that it has there."""
    files = {f"wheels/{WHEEL}": wheel.read_bytes(), "LICENSE": (ROOT / "LICENSE").read_bytes()}
    for path in ADDON.rglob("*"):
        name = path.relative_to(ADDON)
        hidden = any(part in NOT_PACKED or part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and name.as_posix() != "build.py":
            files[name.as_posix()] = path.read_bytes()
    return files


def write_zip(target: Path, files: dict[str, bytes]) -> None:
    """Write a zip that depends on nothing but names and contents."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".tmp")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, DATE)
            info.create_system = UNIX
            info.external_attr = REGULAR_FILE << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name], compresslevel=9)
    unfinished.replace(target)


def build(dist: Path) -> Path:
    """Build the extension into a folder and return the zip's path."""
    manifest = tomllib.loads((ADDON / "blender_manifest.toml").read_text("utf-8"))
    target = dist / f"{manifest['id']}-{manifest['version']}.zip"
    write_zip(target, collect_files(fetch_wheel(dist / "wheels")))
    size = target.stat().st_size
    if size > MAX_BYTES:
        sys.exit(f"{target} has {size} bytes, more than {MAX_BYTES}; see what it should not hold")
    return target


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    print(build(ROOT / "dist"))
