"""Requests and jobs that do not come to their end: each ends exactly once, whatever happens."""

from typing import Any

import numpy as np
from fake_answers import Ends, answer_job, declared
from fake_server import Clock, FakePeer, pass_time

from outboard.bridge import Client, State


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
