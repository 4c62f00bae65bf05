"""Servers are found by their files."""

import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from outboard.bridge import ServerAddress, find_servers, state_folder


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    folder = tmp_path / "servers"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, **fields: object) -> None:
    defaults = {
        "url": f"ws://127.0.0.1:1/{name}",
        "token": "t",
        "pid": os.getpid(),
        "version": "0.1.0",
        "started": "2026-01-31T12:00:00.000Z",
    }
    (folder / f"{name}.json").write_text(json.dumps({**defaults, **fields}))


def names(home: Path) -> list[str]:
    return [server.url.rsplit("/", 1)[1] for server in find_servers(home)]


def test_no_folder_means_no_server(tmp_path: Path) -> None:
    assert find_servers(tmp_path / "nowhere") == []


def test_a_file_is_read(tmp_path: Path, servers: Path) -> None:
    write(servers, "a")
    expected = ServerAddress("ws://127.0.0.1:1/a", "t", os.getpid(), "0.1.0")
    assert find_servers(tmp_path) == [expected]


def test_the_newest_comes_first(tmp_path: Path, servers: Path) -> None:
    write(servers, "b", started="2026-01-31T12:00:01.000Z")
    write(servers, "a", started="2026-01-31T12:00:02.000Z")
    write(servers, "d", started=None)
    write(servers, "c", started="2025-12-31T12:00:03.000Z")
    assert names(tmp_path) == ["a", "b", "c", "d"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can ask safely whether a process lives")
def test_files_of_dead_processes_are_passed_over(tmp_path: Path, servers: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write(servers, "dead", pid=ended.pid, started="2027-01-01T00:00:00.000Z")
    write(servers, "alive")
    assert names(tmp_path) == ["alive"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"url": 1, "token": "t"}',
        b'{"url": "ws://127.0.0.1:1/x"}',
        b'{"url": "ws://127.0.0.1:1/x", "token": "t", "pid": -1}',
        b'{"url": "ws://127.0.0.1:1/x", "token": "t", "pid": true}',
        b'{"url": "ws://127.0.0.1:1/x", "token": "t", "pid": 1e400}',
        b'{"url": "ws://127.0.0.1:1/x", "token": "t", "pid": 99999999999999999999}',
        b"[" * 60000,
        b" " * 70000,
    ],
)
def test_a_broken_file_hides_no_other(tmp_path: Path, servers: Path, content: bytes) -> None:
    (servers / "broken.json").write_bytes(content)
    write(servers, "good")
    assert names(tmp_path) == ["good"]


def test_other_files_are_no_servers(tmp_path: Path, servers: Path) -> None:
    write(servers, "good")
    (servers / "good.json").rename(servers / "good.json.tmp")
    (servers / "folder.json").mkdir()
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"OUTBOARD_HOME": "/own", "XDG_STATE_HOME": "/xdg"}, "/own"),
        ("linux", {"HOME": "/home/me", "XDG_STATE_HOME": "/xdg"}, "/xdg/outboard"),
        ("linux", {"HOME": "/home/me"}, "/home/me/.local/state/outboard"),
        ("linux", {"HOME": "/home/me", "OUTBOARD_HOME": ""}, "/home/me/.local/state/outboard"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Application Support/Outboard"),
    ],
)
def test_state_folder_on_posix(platform: str, environ: dict[str, str], expected: str) -> None:
    assert PurePosixPath(state_folder(environ, platform)) == PurePosixPath(expected)


def test_state_folder_on_windows() -> None:
    local = {"LOCALAPPDATA": r"C:\Users\me\AppData\Local"}
    expected = PureWindowsPath(r"C:\Users\me\AppData\Local\Outboard")
    assert state_folder(local, "win32") == expected
    assert state_folder({"USERPROFILE": r"C:\Users\me"}, "win32") == expected
