"""How requests end, and what a fake server answers to jobs."""

import json
from typing import Any

import numpy as np
from fake_server import FakePeer

from outboard.bridge import OutboardError


class Ends:
    """Notes how often and how a request ended."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, OutboardError | None]] = []

    def __call__(self, result: Any, error: OutboardError | None) -> None:
        self.calls.append((result, error))

    @property
    def code(self) -> str | None:
        ((_, error),) = self.calls
        return error and error.code


class HeldBack:
    """Writes frames, fragmented, without sending them."""

    def __init__(self, peer: FakePeer) -> None:
        self.protocol = peer.protocol

    def answer(self, request: dict[str, Any], result: Any) -> None:
        message = {"jsonrpc": "2.0", "id": request["id"], "result": result}
        text = json.dumps(message, ensure_ascii=False).encode()
        self.protocol.send_text(text[:70], fin=False)
        self.protocol.send_ping(b"between")
        self.protocol.send_continuation(text[70:], fin=True)

    def chunk(self, array_id: int, offset: int, data: bytes) -> None:
        header = array_id.to_bytes(8, "little") + offset.to_bytes(8, "little")
        self.protocol.send_binary(header + data)


def declared(array_id: int, array: np.ndarray) -> dict[str, Any]:
    shape = list(array.shape)
    return {"$array": {"id": array_id, "dtype": array.dtype.name, "shape": shape}}


def answer_job(peer: FakePeer | HeldBack, request: dict[str, Any], **outputs: Any) -> None:
    timings = {"totalMs": 1.5}
    result = {"operation": "x", "outputs": outputs, "params": {"seed": 3}, "timings": timings}
    peer.answer(request, result)
