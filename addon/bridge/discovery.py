"""Finds the servers that run on this machine, by the files that they leave in the state folder."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

# A discovery file is some hundred bytes; anything much larger is not one.
MAX_FILE_BYTES = 65536


class ServerAddress(NamedTuple):
    """Where a server listens and what it wants to be told.

    Attributes
    ----------
    url : str
        As in `ws://127.0.0.1:8470/ws`.
    token : str
        Sent as bearer token; may be empty.
    pid : int or None
        The server's process; None for an address that was typed.
    version : str or None
        The server's version as its file says.
    """

    url: str
    token: str
    pid: int | None = None
    version: str | None = None


def state_folder(
    environ: Mapping[str, str] | None = None, platform: str | None = None
) -> Path | PurePosixPath | PureWindowsPath:
    """Return the folder in which servers keep their state.

    Parameters
    ----------
    environ : mapping, optional
        The environment; the process's own by default.
    platform : str, optional
        As `sys.platform`, which is the default.

    Returns
    -------
    Path
        `$OUTBOARD_HOME` or the platform's usual place. It need not exist.
    """
    environ = os.environ if environ is None else environ
    platform = sys.platform if platform is None else platform
    path: type = Path
    if platform != sys.platform:
        path = PureWindowsPath if platform == "win32" else PurePosixPath
    if home := environ.get("OUTBOARD_HOME"):
        return path(home)
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        profile = environ.get("USERPROFILE") or Path.home()
        return path(local or path(profile) / "AppData" / "Local") / "Outboard"
    user = path(environ.get("HOME") or Path.home())
    if platform == "darwin":
        return user / "Library" / "Application Support" / "Outboard"
    xdg = environ.get("XDG_STATE_HOME", "")
    # The XDG specification has relative paths ignored.
    return (path(xdg) if xdg.startswith("/") else user / ".local" / "state") / "outboard"


def find_servers(folder: str | os.PathLike[str] | None = None) -> list[ServerAddress]:
    """List the servers of this machine, the one started last first.

    Files that cannot be read or make no sense are passed over: a server may be writing or removing
    them just now. So are those of processes that are gone, where the platform can tell.

    Parameters
    ----------
    folder : path, optional
        The state folder; `state_folder()` by default.

    Returns
    -------
    list of ServerAddress
    """
    servers = Path(folder if folder is not None else state_folder()) / "servers"
    found: list[tuple[str, str, ServerAddress]] = []
    try:
        names = [entry.name for entry in os.scandir(servers) if entry.name.endswith(".json")]
    except OSError:
        return []
    for name in names:
        fields = _read_fields(servers / name)
        if fields is None:
            continue
        address = _to_address(fields)
        if address is not None and (address.pid is None or is_alive(address.pid)):
            started = fields.get("started")
            found.append((started if isinstance(started, str) else "", name, address))
    # The times are ISO 8601 in UTC, which sort as text; the name settles a draw.
    found.sort(key=lambda item: item[:2], reverse=True)
    return [address for _, _, address in found]


def is_alive(pid: int) -> bool:
    """Tell whether a process exists, or True where finding out is not safe."""
    if os.name != "posix":
        # On Windows os.kill ends the process whatever the signal.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except (OverflowError, OSError):
        return False
    return True


def _read_fields(file: Path) -> dict[str, Any] | None:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            return None
        fields = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _to_address(fields: dict[str, Any]) -> ServerAddress | None:
    url, token, pid, version = (fields.get(key) for key in ("url", "token", "pid", "version"))
    if not isinstance(url, str) or not isinstance(token, str):
        return None
    if pid is not None and (not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0):
        return None
    return ServerAddress(url, token, pid, version if isinstance(version, str) else None)
