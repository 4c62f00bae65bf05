"""Arrays through `websockets`' own client, in chunks: a bare echo, and a job of ours."""

import json
import struct
import time
from functools import cache

import numpy as np
from made_points import check_transformed, made_points, transform
from websockets.sync.client import ClientConnection, connect

HEADER = struct.Struct("<IIQ")
CHUNK_BYTES = 1 << 20

_steps: dict[str, int] = {}


@cache
def connection(url: str, hello: bool) -> ClientConnection:
    """Connect, once per address, and say hello to a server of ours."""
    socket = connect(url, compression=None, max_size=None, proxy=None)
    if hello:
        client = {"name": "benchmark", "version": "1"}
        _call(socket, "session.hello", {"protocol": 1, "client": client})
        assert "result" in json.loads(socket.recv())
    return socket


def _call(socket: ClientConnection, method: str, params: dict) -> None:
    socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))


def _send(socket: ClientConnection, array_id: int, array: np.ndarray) -> None:
    data = memoryview(array.reshape(-1).view(np.uint8))
    for at in range(0, len(data), CHUNK_BYTES):
        socket.send(HEADER.pack(array_id, 0, at) + data[at : at + CHUNK_BYTES])


def _receive(socket: ClientConnection, array: np.ndarray) -> None:
    data = memoryview(array.reshape(-1).view(np.uint8))
    missing = len(data)
    while missing:
        frame = socket.recv()
        _, _, at = HEADER.unpack_from(frame)
        chunk = memoryview(frame)[HEADER.size :]
        data[at : at + len(chunk)] = chunk
        missing -= len(chunk)


def echo_chunks(url: str, count: int) -> float:
    """Send points and get them back as they were; milliseconds."""
    socket, points = connection(url, False), made_points(count)
    begun = time.perf_counter()
    _send(socket, 1, points)
    came = np.empty_like(points)
    _receive(socket, came)
    ms = (time.perf_counter() - begun) * 1000
    np.testing.assert_array_equal(came, points)
    return ms


def transform_chunks(url: str, count: int) -> float:
    """Have points transformed by our server; milliseconds."""
    socket, points = connection(url, True), made_points(count)
    step = _steps[url] = _steps.get(url, 0) + 1
    params, _, _ = transform(step)
    begun = time.perf_counter()
    declared = {"$array": {"id": step, "dtype": "float32", "shape": [count, 3]}}
    job = {"operation": "transform_points", "params": params, "inputs": {"points": declared}}
    _call(socket, "jobs.run", job)
    _send(socket, step, points)
    answer = json.loads(socket.recv())
    came = np.empty(answer["result"]["outputs"]["points"]["$array"]["shape"], np.float32)
    _receive(socket, came)
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(came, count, step)
    return ms


FUNCTIONS = {"echo_chunks": echo_chunks, "transform_chunks": transform_chunks}
