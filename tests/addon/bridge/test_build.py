"""The extension's zip."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from outboard.bridge.version import VERSION

ROOT = Path(__file__).resolve().parents[3]
ADDON = ROOT / "addon"
MANIFEST = tomllib.loads((ADDON / "blender_manifest.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ADDON / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def archive(builder: ModuleType) -> Path:
    return builder.build(ROOT / "dist")


def test_there_is_one_version() -> None:
    deno = json.loads((ROOT / "deno.json").read_text())
    assert MANIFEST["version"] == deno["version"] == VERSION


def test_the_wheel_is_the_library_of_the_tests(builder: ModuleType) -> None:
    requirements = (ROOT / "tests" / "setup" / "requirements.txt").read_text().splitlines()
    assert builder.REQUIREMENT in requirements
    assert MANIFEST["wheels"] == [f"./wheels/{builder.WHEEL}"]


def test_the_manifest_asks_for_the_network_and_nothing_else() -> None:
    assert list(MANIFEST["permissions"]) == ["network"]
    assert MANIFEST["blender_version_min"] == "4.2.0"
    assert MANIFEST["license"] == ["SPDX:GPL-3.0-or-later"]


def test_the_zip_holds_the_extension(builder: ModuleType, archive: Path) -> None:
    assert archive.name == f"outboard-{VERSION}.zip"
    assert archive.stat().st_size < 1_000_000
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
        wheel = file.read(f"wheels/{builder.WHEEL}")
        assert {info.date_time for info in file.infolist()} == {builder.DATE}
    assert {"blender_manifest.toml", "__init__.py", "LICENSE", "bridge/client.py"} <= set(names)
    assert names == sorted(names)
    assert not [name for name in names if "__pycache__" in name or name.startswith("build")]
    assert hashlib.sha256(wheel).hexdigest() == builder.WHEEL_SHA256


def test_the_same_sources_make_the_same_zip(
    builder: ModuleType, archive: Path, tmp_path: Path
) -> None:
    files = builder.collect_files(ROOT / "dist" / "wheels" / builder.WHEEL)
    for name in ("first", "second"):
        builder.write_zip(tmp_path / name, files)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
    assert (tmp_path / "first").read_bytes() == archive.read_bytes()


class FakePip:
    """Stands in for the subprocess module: brings a file without a network."""

    def __init__(self, content: bytes, returncode: int = 0) -> None:
        self.content = content
        self.returncode = returncode
        self.commands: list[list[str]] = []

    def run(self, command: list[str], **_options: object) -> subprocess.CompletedProcess:
        self.commands.append(command)
        (dest,) = [part.split("=", 1)[1] for part in command if part.startswith("--dest=")]
        (Path(dest) / "websockets-17.4-py3-none-any.whl").write_bytes(self.content)
        return subprocess.CompletedProcess(command, self.returncode, "", "pip says no")


def test_a_damaged_wheel_is_fetched_again(
    builder: ModuleType, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = (ROOT / "dist" / "wheels" / builder.WHEEL).read_bytes()
    pip = FakePip(good)
    monkeypatch.setattr(builder, "subprocess", pip)
    (tmp_path / builder.WHEEL).write_bytes(good[:-1])
    assert builder.fetch_wheel(tmp_path).read_bytes() == good
    assert builder.fetch_wheel(tmp_path).read_bytes() == good
    (command,) = pip.commands
    assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= set(command)
    assert not [part for part in command if "://" in part]


@pytest.mark.parametrize(
    ("content", "returncode", "words"), [(b"evil", 0, "not the file"), (b"", 1, "pip says no")]
)
def test_another_wheel_is_not_packed(
    builder: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    returncode: int,
    words: str,
) -> None:
    monkeypatch.setattr(builder, "subprocess", FakePip(content, returncode))
    with pytest.raises(SystemExit, match=words):
        builder.fetch_wheel(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_blender_accepts_the_zip(archive: Path) -> None:
    bpy = importlib.util.find_spec("bpy")
    if bpy is None:
        pytest.skip("Blender's validator comes with the bpy wheel, made for Python 3.11 only")
    folders = [Path(folder) for folder in bpy.submodule_search_locations]
    (tool,) = [each for folder in folders for each in folder.rglob("bl_pkg/cli/blender_ext.py")]
    done = subprocess.run(
        [sys.executable, str(tool), "validate", str(archive)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
