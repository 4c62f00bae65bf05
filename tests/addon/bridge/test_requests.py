"""Requests and jobs over a connection."""

import numpy as np
import pytest
from fake_answers import Ends, HeldBack, answer_job, declared
from fake_server import HELLO, FakePeer, FakeServer, chunks

from outboard.bridge import Client, State


def test_a_request_is_answered(client: Client, peer: FakePeer, ends: Ends) -> None:
    request = client.request("server.ping", {"message": "hello"}, ends)
    assert client.busy
    sent = peer.next_request("server.ping")
    assert sent["jsonrpc"] == "2.0"
    assert sent["params"] == {"message": "hello"}
    peer.answer(sent, {"message": "hello"})
    peer.until(lambda: request.done)
    assert ends.calls == [({"message": "hello"}, None)]
    assert request.result == {"message": "hello"}
    assert not client.busy


def test_an_error_is_mapped(client: Client, peer: FakePeer, ends: Ends) -> None:
    client.run("x", on_done=ends)
    data = {"code": "BUSY", "retryAfterMs": 200}
    error = {"code": -32011, "message": "No room just now", "data": data}
    peer.answer(peer.next_request("jobs.run"), error=error)
    peer.until(lambda: ends.calls)
    error = ends.calls[0][1]
    assert (error.code, error.retry, error.data["retryAfterMs"]) == ("BUSY", True, 200)


def test_arrays_go_and_come(client: Client, peer: FakePeer, ends: Ends) -> None:
    points = np.random.default_rng(1).random((700_000, 3), np.float32)
    job = client.run("x", {"seed": 3}, {"points": points}, on_done=ends)
    sent = peer.next_request("jobs.run")
    assert sent["params"]["operation"] == "x"
    assert sent["params"]["job"] == job.name
    declaration = sent["params"]["inputs"]["points"]
    assert declaration["$array"]["dtype"] == "float32"
    assert declaration["$array"]["shape"] == [700_000, 3]
    data = peer.upload(declaration)
    assert data == points.tobytes()
    answer_job(peer, sent, points=declared(9, points))
    for offset, piece in chunks(data, 1 << 20):
        assert not ends.calls
        peer.send_chunk(9, offset, piece)
    peer.until(lambda: ends.calls)
    result = ends.calls[0][0]
    assert result.outputs["points"].tobytes() == data
    assert result.outputs["points"].dtype == np.float32
    assert result.outputs["points"].flags.writeable
    assert (result.params, result.timings) == ({"seed": 3}, {"totalMs": 1.5})
    assert not client.busy


def test_text_overtakes_arrays_and_arrays_take_turns(client: Client, peer: FakePeer) -> None:
    big = np.zeros(40 << 20, np.uint8)
    client.run("x", {}, {"a": big, "b": big})
    sent = peer.next_request("jobs.run")
    peer.until(lambda: any(isinstance(m, bytes) for m in peer.messages))
    client.request("server.ping")
    peer.next_request("server.ping")
    ids = [int.from_bytes(m[:4], "little") for m in peer.messages if isinstance(m, bytes)]
    assert len(ids) < 70
    first, second = (sent["params"]["inputs"][name]["$array"]["id"] for name in "ab")
    assert ids[:4] == [first, second, first, second]


def test_every_split_of_the_stream_is_the_same(
    server: FakeServer, client: Client, ends: Ends
) -> None:
    peer = server.meet(client)
    request = peer.until(lambda: peer.request_headers and peer._request)
    peer.protocol.send_response(peer.protocol.accept(request))
    for byte in peer.take_bytes():
        peer.send_raw(bytes([byte]))
    peer.greet()
    client.run("x", on_done=ends)
    sent = peer.next_request("jobs.run")
    # Text with characters of several bytes, fragments, a ping between them, and chunks.
    array = np.arange(50, dtype=np.int32)
    held_back = HeldBack(peer)
    answer_job(held_back, sent, **{"Größe €": declared(4, array)})
    data = array.tobytes()
    for offset, piece in chunks(data, 64):
        held_back.chunk(4, offset, piece)
    for byte in peer.take_bytes():
        peer.send_raw(bytes([byte]))
    peer.until(lambda: ends.calls)
    assert ends.calls[0][0].outputs["Größe €"].tobytes() == data


def test_progress_is_told(client: Client, peer: FakePeer) -> None:
    told = []
    job = client.run("x", on_progress=lambda *progress: told.append(progress))
    sent = peer.next_request("jobs.run")
    for params in (
        {"job": job.name, "fraction": 0.25, "message": "block 1 of 4"},
        {"job": "somebody's", "fraction": 0.5},
        {"job": job.name, "fraction": "much"},
        {"job": job.name, "fraction": 7},
    ):
        peer.send({"jsonrpc": "2.0", "method": "jobs.progress", "params": params})
    answer_job(peer, sent)
    peer.until(lambda: job.done)
    assert told == [(0.25, "block 1 of 4"), (1.0, None)]
    assert (job.fraction, job.message) == (1.0, None)


def test_a_changed_catalogue_is_noticed(client: Client, peer: FakePeer) -> None:
    message = {"jsonrpc": "2.0", "method": "operations.changed", "params": {"revision": "r-2"}}
    peer.send(message)
    peer.until(lambda: client.catalogue_revision == "r-2")


@pytest.mark.parametrize(
    ("params", "inputs", "code"),
    [
        ({}, {"a": np.zeros(3, np.float16)}, "INVALID_DTYPE"),
        ({}, {"a": np.zeros(101, np.uint8)}, "TOO_LARGE"),
        ({"x": float("nan")}, {}, "INVALID_PARAMS"),
        ({"x": object()}, {"a": np.zeros(3, np.uint8)}, "INVALID_PARAMS"),
        ({"x": "y" * 2000}, {"a": np.zeros(3, np.uint8)}, "TOO_LARGE"),
    ],
)
def test_what_the_server_would_refuse_is_not_sent(
    server: FakeServer, client: Client, ends: Ends, params: dict, inputs: dict, code: str
) -> None:
    limits = {"maxArrayBytes": 100, "maxTextBytes": 1500}
    peer = server.welcome(client, limits=limits)
    client.run("x", params, inputs, on_done=ends)
    assert ends.code == code
    client.request("server.ping")
    peer.next_request("server.ping")
    assert peer.messages == []


def test_numpy_numbers_stand_among_the_parameters(client: Client, peer: FakePeer) -> None:
    client.run("x", {"a": np.float32(0.5), "b": np.arange(3), "c": np.int64(7)})
    params = peer.next_request("jobs.run")["params"]["params"]
    assert params == {"a": 0.5, "b": [0, 1, 2], "c": 7}


def test_an_answer_beyond_the_limits_is_refused_and_its_chunks_dropped(
    server: FakeServer, client: Client, ends: Ends
) -> None:
    peer = server.welcome(client, limits={**HELLO["limits"], "maxArrayBytes": 100})
    job = client.run("x", on_done=ends)
    array = np.zeros(200, np.uint8)
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, array))
    peer.send_chunk(1, 0, array.tobytes())
    assert job.answer.arrays["a"].array is None
    ping = client.request("server.ping")
    peer.answer(peer.next_request("server.ping"), {})
    peer.until(lambda: ping.done)
    assert ends.code == "TOO_LARGE"


def test_a_chunk_that_nobody_declared_breaks_the_connection(client: Client, peer: FakePeer) -> None:
    peer.send_chunk(5, 0, b"abcd")
    peer.until(lambda: client.state is State.WAITING)
    peer.until(lambda: peer.closed_code)
    assert peer.closed_code == 1002
