"""What becomes of a connection that stands: how it breaks, ends and is kept alive."""

from collections.abc import Callable

import pytest
from fake_server import Clock, FakePeer, FakeServer, pass_time

from outboard.bridge import Client, State

MakeClient = Callable[..., Client]


def test_a_broken_connection_comes_back_by_itself(
    server: FakeServer, client: Client, clock: Clock, peer: FakePeer
) -> None:
    peer.hang_up()
    while client.state is State.CONNECTED:
        client.pump()
    assert client.state is State.WAITING
    assert "broke" in client.line
    assert client.server_version is None
    pass_time(client, clock, 0.5, step=0.1)
    server.welcome(client)
    assert client.state is State.CONNECTED


@pytest.mark.parametrize(
    ("code", "words"),
    [(1001, "shut down; start it"), (1009, "too big"), (1011, "code 1011")],
)
def test_a_closed_connection_says_why(
    client: Client, peer: FakePeer, code: int, words: str
) -> None:
    peer.close(code)
    peer.until_dropped()
    assert client.state is State.WAITING
    assert words in client.line
    peer.until(lambda: peer.closed_code)
    assert peer.closed_code == code


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff" * 20,
        b"\x83\x00",
        b"\x81\x03abc",
        b"\x81\x02[]" + b"\x81\x01{",
        b"\x81\x011",
        b"\x81\x02\xff\xfe",
        b"\x82\x03abc",
        b"\x82\x14" + bytes(20),
        b"\x81\x24" + b'{"jsonrpc":"2.0","id":99,"result":1}',
        b"\x81\x7f\x00\x00\x00\x01\x00\x00\x00\x00",
    ],
)
def test_garbage_breaks_the_connection_and_nothing_else(
    server: FakeServer, client: Client, clock: Clock, peer: FakePeer, garbage: bytes
) -> None:
    peer.send_raw(garbage)
    peer.until_dropped()
    assert "cannot be understood" in client.line
    pass_time(client, clock, 0.5, step=0.1)
    server.welcome(client)


def test_disconnect_says_goodbye_and_stays_away(
    client: Client, clock: Clock, peer: FakePeer
) -> None:
    client.disconnect()
    assert client.state is State.OFF
    assert client.busy is True
    peer.until(lambda: peer.closed_code)
    assert peer.closed_code == 1000
    peer.flush()
    peer.until(lambda: not client.busy)
    pass_time(client, clock, 30.0)
    assert client.state is State.OFF


def test_disconnect_does_not_wait_for_a_server_that_says_nothing(
    client: Client, clock: Clock, peer: FakePeer
) -> None:
    client.disconnect()
    pass_time(client, clock, 1.5)
    assert client.busy is False
    peer.until(lambda: peer.saw_eof)


def test_close_now_calls_nobody_back(server: FakeServer, make_client: MakeClient) -> None:
    states = []
    client = make_client(server.find, on_state=lambda c: states.append(c.state))
    client.connect()
    peer = server.welcome(client)
    request = client.request("server.ping", {}, lambda *_: pytest.fail("called back"))
    assert states == [State.SEARCHING, State.CONNECTING, State.CONNECTED]
    client.close_now()
    client.pump()
    assert request.done
    assert request.error.code == "CONNECTION_LOST"
    assert states == [State.SEARCHING, State.CONNECTING, State.CONNECTED]
    peer.until(lambda: peer.saw_eof)


def test_a_heartbeat_is_sent_when_nothing_else_is_said(
    client: Client, clock: Clock, peer: FakePeer
) -> None:
    pass_time(client, clock, 14.0)
    peer.read()
    assert peer.messages == []
    pass_time(client, clock, 2.0)
    ping = peer.next_request("server.ping")
    assert client.busy is False
    peer.answer(ping, {"message": None})
    pass_time(client, clock, 1.0)
    assert client.last_answer_age < 2
    pass_time(client, clock, 28.0)
    peer.next_request("server.ping")
    assert client.state is State.CONNECTED


def test_a_server_that_falls_silent_is_given_up(
    client: Client, clock: Clock, peer: FakePeer
) -> None:
    request = client.request("server.status")
    pass_time(client, clock, 44.0)
    assert client.state is State.CONNECTED
    assert not request.done
    pass_time(client, clock, 2.0)
    assert client.state is not State.CONNECTED
    assert request.error.code == "CONNECTION_LOST"
    assert "no longer answers" in request.error.message


def test_time_in_which_nobody_pumps_does_not_count(
    client: Client, clock: Clock, peer: FakePeer
) -> None:
    request = client.request("server.status")
    client.pump()
    clock.now += 3600.0
    client.pump()
    assert client.state is State.CONNECTED
    peer.answer(peer.next_request("server.status"), {"sessions": []})
    peer.until(lambda: request.done)
    assert request.result == {"sessions": []}


def test_an_exception_in_a_callback_is_logged_and_hurts_nobody(
    client: Client, peer: FakePeer, caplog: pytest.LogCaptureFixture
) -> None:
    answered = []
    first = client.request("server.ping", {}, lambda *_: 1 / 0)
    second = client.request("server.ping", {}, lambda *_: answered.append(True))
    for _ in range(2):
        peer.answer(peer.next_request("server.ping"), {})
    peer.until(lambda: second.done)
    assert first.done
    assert answered == [True]
    assert "ZeroDivisionError" in caplog.text
    assert client.state is State.CONNECTED


def test_a_find_that_fails_is_logged_and_tried_again(
    make_client: MakeClient, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(lambda: 1 / 0, clock=clock)
    client.connect()
    pass_time(client, clock, 3.0)
    assert client.state is State.WAITING
    assert "ZeroDivisionError" in caplog.text
