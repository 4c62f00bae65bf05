"""The one client of this Blender: made on first use, closed when the extension is disabled."""

import logging

import bpy

from ..bridge.client import Client, State
from ..bridge.discovery import ServerAddress, find_servers
from ..bridge.version import VERSION

ROOT = __package__.rpartition(".")[0]

log = logging.getLogger(ROOT)
# The client, while there is one.
_held: dict[str, Client] = {}


def preferences() -> bpy.types.AddonPreferences | None:
    """Find the extension's preferences; None where it is registered without being installed."""
    addon = bpy.context.preferences.addons.get(ROOT)
    return addon.preferences if addon else None


def servers() -> list[ServerAddress]:
    """Tell where to connect to: the address in the preferences, else what is found here."""
    chosen = preferences()
    if chosen and chosen.address.strip():
        return [ServerAddress(chosen.address.strip(), chosen.token.strip(), None, None)]
    return find_servers()


def client() -> Client:
    """Give the client, made if there is none yet."""
    if "client" not in _held:
        _held["client"] = Client(servers, client_version=VERSION, client_name=name(), log=log)
    return _held["client"]


def name() -> str:
    """Tell how this Blender introduces itself to the server."""
    return f"Blender {bpy.app.version_string}"


def connect() -> None:
    """Start to connect and keep the connection from then on; returns at once."""
    client().connect()


def disconnect() -> None:
    """End the connection until the next `connect`."""
    client().disconnect()


def is_connected() -> bool:
    """Tell whether the server can be asked something now."""
    return client().state is State.CONNECTED


def is_off() -> bool:
    """Tell whether the next thing to press is Connect."""
    return client().state in (State.OFF, State.REFUSED)


def close() -> None:
    """Close the socket at once and forget the client."""
    if "client" in _held:
        _held.pop("client").close_now()


def register() -> None:
    """Connect if the preferences say so; never in the background, where no timer fires."""
    if bpy.app.background:
        return
    chosen = preferences()
    if chosen and chosen.connect_at_start:
        connect()


def unregister() -> None:
    """Close the socket."""
    close()
