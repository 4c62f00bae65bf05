"""Turns an address that somebody typed or a server wrote into something a socket can connect to."""

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

DEFAULT_PORT = 8470


class Endpoint(NamedTuple):
    """A numeric address with its WebSocket path.

    Attributes
    ----------
    host : str
        An IP address, never a name.
    port : int
    path : str
    query : str
    """

    host: str
    port: int
    path: str
    query: str

    @property
    def label(self) -> str:
        """How the address is shown to the user."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_endpoint(address: str) -> Endpoint:
    """Read `ws://127.0.0.1:8470/ws`, or a shorter form with the usual parts left out.

    Parameters
    ----------
    address : str
        The host must be an IP address or `localhost`: looking a name up can take seconds, and
        there is no way to do it without stopping Blender for as long.

    Returns
    -------
    Endpoint

    Raises
    ------
    ValueError
        With one plain line that says what to write instead.
    """
    text = address.strip()
    try:
        parts = urlsplit(text if "://" in text else f"ws://{text}")
        host, port = parts.hostname or "", parts.port or DEFAULT_PORT
    except ValueError:
        raise ValueError(
            f"The address {text!r} cannot be read; write it as ws://127.0.0.1:{DEFAULT_PORT}/ws"
        ) from None
    if parts.scheme == "wss":
        raise ValueError(
            "Encrypted connections (wss) are not supported yet; use a ws:// address"
        ) from None
    if parts.scheme != "ws" or not host or parts.username is not None:
        raise ValueError(
            f"The address {text!r} is no server's; write it as ws://127.0.0.1:{DEFAULT_PORT}/ws"
        )
    # Servers listen on the IPv4 loopback unless told otherwise, and check that Host names it.
    host = "127.0.0.1" if host == "localhost" else host
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise ValueError(
            f"The server's address must be a number such as 192.168.1.5, not {host!r}: looking a "
            "name up would make Blender wait; write the IP address instead"
        ) from None
    path = parts.path if parts.path not in ("", "/") else "/ws"
    return Endpoint(host, port, path, parts.query)
