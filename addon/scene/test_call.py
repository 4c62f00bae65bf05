"""Test Call Server: one message there and back, and how long it took."""

import time

import bpy

from ..bridge.errors import OutboardError
from ..bridge.request import Request
from . import connection, jobs

NAME = "test_call_server"
# A tick's budget: a server on this computer answers within it, and is timed without the timer.
AT_ONCE = 0.008


def send() -> Request:
    """Send the message; the answer becomes the line under the button."""
    client = connection.client()
    text = f"Hello from {connection.name()}"
    sent = time.perf_counter()

    def answered(result: dict | None, error: OutboardError | None) -> None:
        milliseconds = (time.perf_counter() - sent) * 1000
        jobs.notes[NAME] = jobs.Note(
            _answer(result, client.server_version, milliseconds) if result else str(error),
            is_error=error is not None,
        )

    jobs.notes[NAME] = jobs.Note("Waiting for the server's answer")
    request = client.request("server.ping", {"message": text}, answered)
    if not bpy.app.background:
        client.wait(request, AT_ONCE)
    return request


def _answer(result: dict, version: str | None, milliseconds: float) -> str:
    return f"“{result['message']}” came back from server {version} in {milliseconds:.1f} ms"
