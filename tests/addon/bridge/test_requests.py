"""Requests and jobs over a connection: each ends exactly once, whatever happens."""

import json
import time
from typing import Any

import numpy as np
import pytest
from fake_server import HELLO, Clock, FakePeer, FakeServer, chunks, pass_time

from outboard.bridge import Client, OutboardError, State
from outboard.bridge.connection import Connection


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


@pytest.fixture
def ends() -> Ends:
    return Ends()


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


def test_cancel_while_uploading_stops_the_upload(
    client: Client, peer: FakePeer, ends: Ends
) -> None:
    size = 60 << 20
    job = client.run("x", {}, {"a": np.zeros(size, np.uint8)}, on_done=ends)
    sent = peer.next_request("jobs.run")
    peer.until(lambda: any(isinstance(m, bytes) for m in peer.messages))
    job.cancel()
    job.cancel()
    assert peer.next_request("jobs.cancel")["params"] == {"job": job.name}
    assert ends.calls == []
    # The upload stops before the server has said anything.
    peer.drain()
    assert sum(len(m) for m in peer.messages if isinstance(m, bytes)) < size // 2
    peer.answer(sent, error={"code": -32012, "message": "Cancelled", "data": {"code": "CANCELLED"}})
    peer.until(lambda: ends.calls)
    assert ends.code == "CANCELLED"
    assert job.cancelled
    assert not any(isinstance(m, dict) and m["method"] == "jobs.cancel" for m in peer.messages)


def test_a_refused_job_stops_its_upload(client: Client, peer: FakePeer, ends: Ends) -> None:
    size = 60 << 20
    client.run("x", {}, {"a": np.zeros(size, np.uint8)}, on_done=ends)
    sent = peer.next_request("jobs.run")
    peer.answer(sent, error={"code": -32005, "message": "Wrong shape"})
    peer.until(lambda: ends.calls)
    assert ends.code == "INVALID_SHAPE"
    peer.drain()
    assert sum(len(m) for m in peer.messages if isinstance(m, bytes)) < size // 2


def test_a_result_that_crosses_a_cancel_is_dropped(
    client: Client, peer: FakePeer, ends: Ends
) -> None:
    array = np.arange(8, dtype=np.float64)
    job = client.run("x", on_done=ends)
    sent = peer.next_request("jobs.run")
    job.cancel()
    answer_job(peer, sent, a=declared(1, array))
    peer.send_chunk(1, 0, array.tobytes())
    peer.answer(peer.next_request("jobs.cancel"), {"cancelled": False})
    peer.until(lambda: ends.calls)
    assert ends.code == "CANCELLED"
    ping = client.request("server.ping")
    peer.answer(peer.next_request("server.ping"), {})
    peer.until(lambda: ping.done)
    assert client.state is State.CONNECTED


def test_cancel_while_the_arrays_are_coming(client: Client, peer: FakePeer, ends: Ends) -> None:
    array = np.arange(8, dtype=np.float64)
    job = client.run("x", on_done=ends)
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, array))
    peer.send_chunk(1, 0, array.tobytes()[:32])
    peer.until(lambda: not client.pump())
    job.cancel()
    assert ends.code == "CANCELLED"
    peer.send_chunk(1, 32, array.tobytes()[32:])
    ping = client.request("server.ping")
    peer.answer(peer.next_request("server.ping"), {})
    peer.until(lambda: ping.done)
    assert client.state is State.CONNECTED
    assert len(ends.calls) == 1


def test_a_lost_connection_ends_everything_once(client: Client, peer: FakePeer) -> None:
    all_ends = [Ends() for _ in range(3)]
    client.request("server.status", {}, all_ends[0])
    client.run("x", {}, {"a": np.zeros(30 << 20, np.uint8)}, on_done=all_ends[1])
    client.run("y", on_done=all_ends[2])
    peer.next_request("jobs.run")
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, np.zeros(4)))
    peer.hang_up()
    while client.state is State.CONNECTED:
        client.pump()
    assert [each.code for each in all_ends] == ["CONNECTION_LOST"] * 3


def test_a_connection_that_breaks_within_a_frame_ends_the_job(
    client: Client, peer: FakePeer, ends: Ends
) -> None:
    client.run("x", on_done=ends)
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, np.zeros(100)))
    peer.protocol.send_binary(bytes(8) + bytes(8) + bytes(800))
    peer.send_raw(peer.take_bytes()[:300])
    peer.hang_up()
    while client.state is State.CONNECTED:
        client.pump()
    assert ends.code == "CONNECTION_LOST"


def test_jobs_of_a_server_that_stops(client: Client, peer: FakePeer, ends: Ends) -> None:
    client.run("x", on_done=ends)
    text = "The server is shutting down"
    error = {"code": -32012, "message": text, "data": {"code": "CANCELLED"}}
    peer.answer(peer.next_request("jobs.run"), error=error)
    peer.close(1001)
    peer.until(lambda: client.state is State.WAITING)
    assert ends.code == "CANCELLED"
    assert ends.calls[0][1].message == text


def test_disconnect_ends_everything_at_once(client: Client, peer: FakePeer, ends: Ends) -> None:
    client.run("x", on_done=ends)
    peer.next_request("jobs.run")
    client.disconnect()
    assert ends.code == "CONNECTION_LOST"


def test_a_callback_may_disconnect(client: Client, peer: FakePeer) -> None:
    other = client.request("server.ping")
    request = client.request("server.status", {}, lambda *_: client.disconnect())
    peer.answer(peer.next_request("server.status"), {})
    peer.until(lambda: request.done)
    assert client.state is State.OFF
    assert other.error.code == "CONNECTION_LOST"


def test_a_callback_may_run_the_next_job_but_not_wait(client: Client, peer: FakePeer) -> None:
    waited = []

    def again(_result: object, _error: object) -> None:
        job = client.run("y")
        waited.append(client.wait(job, 60.0))

    client.run("x", on_done=again)
    answer_job(peer, peer.next_request("jobs.run"))
    assert peer.next_request("jobs.run")["params"]["operation"] == "y"
    assert waited == [False]


def test_a_short_wait_works_no_longer_than_it_may(
    client: Client, peer: FakePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets = []
    monkeypatch.setattr(client, "pump", lambda budget: budgets.append(budget) or True)
    assert not client.wait(client.request("server.ping"), 0.001)
    assert budgets
    assert max(budgets) <= 0.001


def test_no_step_begins_that_would_end_after_the_budget(
    client: Client, peer: FakePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, steps = [0.0], iter([0.004, 0.001, 0.002, 0.001, 0.001])

    def step(_connection: Connection) -> bool:
        now[0] += next(steps)
        return True

    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(Connection, "step", step)
    assert client.pump(0.010)
    assert now == [0.007]
    # One step is done however short the time is.
    assert client.pump(0.0)
    assert now == [0.008]


def test_a_callback_cannot_pump(client: Client, peer: FakePeer) -> None:
    depth = []

    def pump_again(_result: object, _error: object) -> None:
        depth.append("in")
        assert client.pump() is False
        depth.append("out")

    for _ in range(2):
        client.request("server.ping", {}, pump_again)
    for _ in range(2):
        sent = peer.next_request("server.ping")
        peer.protocol.send_text(
            json.dumps({"jsonrpc": "2.0", "id": sent["id"], "result": {}}).encode()
        )
    # In one packet, so that the second is at hand while the first is handled.
    peer.send_raw(peer.take_bytes())
    peer.until(lambda: len(depth) == 4)
    assert depth == ["in", "out", "in", "out"]


def test_without_a_connection_a_request_fails_in_the_next_pump(
    make_client: Any, ends: Ends
) -> None:
    client = make_client(list)
    job = client.run("x", on_done=ends)
    assert not job.done
    assert client.busy
    client.pump()
    assert ends.code == "CONNECTION_LOST"
    assert "press Connect" in job.error.message


def test_a_job_that_was_not_sent_is_cancelled_at_once(make_client: Any, ends: Ends) -> None:
    client = make_client(list)
    job = client.run("x", on_done=ends)
    job.cancel()
    assert ends.code == "CANCELLED"
    client.pump()
    assert len(ends.calls) == 1


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


def test_arrays_that_stop_coming_end_the_job(
    client: Client, clock: Clock, peer: FakePeer, ends: Ends
) -> None:
    client.run("x", on_done=ends)
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, np.zeros(4)))
    peer.send_chunk(1, 0, bytes(8))
    for _ in range(20):
        pass_time(client, clock, 2.0)
        peer.read()
        for ping in [m for m in peer.messages if isinstance(m, dict)]:
            peer.messages.remove(ping)
            peer.answer(ping, {})
    assert ends.code == "ARRAY_INCOMPLETE"
    assert client.state is State.CONNECTED


def test_a_chunk_that_nobody_declared_breaks_the_connection(client: Client, peer: FakePeer) -> None:
    peer.send_chunk(5, 0, b"abcd")
    peer.until(lambda: client.state is State.WAITING)
    peer.until(lambda: peer.closed_code)
    assert peer.closed_code == 1002


def test_a_pump_ends_when_its_budget_is_over(client: Client, peer: FakePeer, ends: Ends) -> None:
    array = np.zeros(32 << 20, np.uint8)
    client.run("x", on_done=ends)
    answer_job(peer, peer.next_request("jobs.run"), a=declared(1, array))
    peer.protocol.send_binary(bytes([1]) + bytes(15) + bytes(1 << 20))
    peer.socket.setblocking(False)
    frame = peer.take_bytes()
    peer.socket.send(frame)
    # With no time at all, a pump does one bounded piece of work and says that there is more.
    before = client.bytes_received
    assert client.pump(budget=0.0) is True
    assert 0 < client.bytes_received - before <= 1 << 18
