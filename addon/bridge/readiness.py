"""Asks the operating system whether a socket is ready, on every platform and for any descriptor."""

import selectors
import socket


def is_ready(sock: "socket.socket | int", *, write: bool, timeout: float = 0.0) -> bool:
    """Tell whether a socket can be read from, or (with `write`) read from or written to.

    Parameters
    ----------
    sock : socket.socket or int
    write : bool
        Also be ready when there is room to write, or when connecting has ended in any way.
    timeout : float
        Seconds to wait for it.
    """
    # select.select refuses descriptors above 1023, which a program such as Blender may reach.
    with selectors.DefaultSelector() as selector:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if write else 0)
        try:
            selector.register(sock, events)
        except (ValueError, OSError):
            return True
        return bool(selector.select(timeout))
