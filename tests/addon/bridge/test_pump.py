"""What a client does in the time that it is given, and what its callbacks may do."""

import json
import time

import numpy as np
import pytest
from fake_answers import Ends, answer_job, declared
from fake_server import FakePeer

from outboard.bridge import Client, State
from outboard.bridge.connection import Connection


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
