"""What the client does and says while it looks for a server and loses it again."""

import itertools
import json
from collections.abc import Callable

import pytest
from fake_server import Clock, FakePeer, FakeServer, pass_time

from outboard.bridge import Client, ServerAddress, State

MakeClient = Callable[..., Client]


def refusal(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def ours(code: str, message: str = "Because") -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


def settle(client: Client, peer: FakePeer) -> None:
    peer.until(lambda: client.state in (State.WAITING, State.REFUSED))


def test_nothing_happens_before_connect(make_client: MakeClient) -> None:
    client = make_client(lambda: pytest.fail("nobody asked to look"))
    assert client.pump() is False
    assert (client.state, client.line) == (State.OFF, "Not connected; press Connect")
    assert client.busy is False


def test_without_a_server_it_looks_about_once_a_second(
    make_client: MakeClient, clock: Clock
) -> None:
    looks = []
    client = make_client(lambda: looks.append(clock.now) or [], clock=clock)
    client.connect()
    assert looks == []
    pass_time(client, clock, 10.0, step=0.05)
    assert client.state is State.SEARCHING
    assert client.line == "No Outboard server found; start one with `deno task serve`"
    assert 9 <= len(looks) <= 11


def test_a_server_that_comes_later_is_found(
    server: FakeServer, make_client: MakeClient, clock: Clock
) -> None:
    known: list[ServerAddress] = []
    client = make_client(lambda: list(known), clock=clock)
    client.connect()
    pass_time(client, clock, 3.0)
    known.append(server.address)
    pass_time(client, clock, 1.25)
    assert client.state is State.CONNECTING
    server.welcome(client)
    assert client.state is State.CONNECTED


def test_a_greeted_client_knows_the_server(server: FakeServer, client: Client) -> None:
    peer = server.meet(client)
    assert client.state is State.CONNECTING
    peer.handshake()
    assert peer.request_headers["Authorization"] == "Bearer secret"
    assert peer.request_headers["Sec-WebSocket-Protocol"] == "outboard.v1"
    assert "Sec-WebSocket-Extensions" not in peer.request_headers
    assert "Origin" not in peer.request_headers
    assert peer.request_headers["Host"] == f"127.0.0.1:{server.port}"
    hello = peer.next_request("session.hello")
    identity = {"name": "Blender extension", "version": "0.1.0"}
    assert hello["params"] == {"protocol": 1, "client": identity}
    assert client.state is State.CONNECTING
    peer.messages.append(hello)
    peer.greet()
    assert (
        client.line == f"Connected to 127.0.0.1:{server.port}, server 9.8.7, arrays by the socket"
    )
    assert (client.server_version, client.threads, client.session) == ("9.8.7", 3, "s-1")
    assert client.catalogue_revision == "r-1"
    assert client.limits["maxChunkBytes"] == 1 << 20
    assert client.last_answer_age == 0
    assert client.bytes_sent > 100
    assert client.bytes_received > 100


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (refusal("401 Unauthorized", ours("UNAUTHORIZED")), State.REFUSED, "refused the token"),
        (refusal("403 Forbidden", ours("FORBIDDEN", "Wrong Host")), State.REFUSED, "Wrong Host"),
        (refusal("400 Bad Request", ours("BAD_REQUEST", "No")), State.REFUSED, "No; check"),
        (
            refusal("503 Service Unavailable", ours("BUSY", "Full"), "Retry-After: 7"),
            State.WAITING,
            "busy: Full; trying again in 7 s",
        ),
        (refusal("200 OK", b"<html>"), State.REFUSED, "no Outboard server"),
        (refusal("404 Not Found", b'{"error": "x"}'), State.REFUSED, "no Outboard server"),
        (refusal("401 Unauthorized", b"Who are you?"), State.REFUSED, "no Outboard server"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", State.REFUSED, "no Outboard server"),
        (b"\x00\xff" * 10000, State.REFUSED, "no Outboard server"),
        (
            refusal("101 Switching Protocols", b"", "Upgrade: websocket", "Connection: Upgrade"),
            State.REFUSED,
            "no Outboard server",
        ),
    ],
)
def test_a_refused_handshake_says_what_to_do(
    server: FakeServer, client: Client, answer: bytes, state: State, words: str
) -> None:
    peer = server.meet(client)
    peer.until(lambda: peer.request_headers)
    peer.send_raw(answer)
    settle(client, peer)
    assert client.state is state
    assert words in client.line
    assert "\n" not in client.line


def test_a_server_without_the_subprotocol_is_no_outboard(
    server: FakeServer, client: Client
) -> None:
    peer = server.meet(client)
    peer.protocol.available_subprotocols = None
    peer.handshake()
    settle(client, peer)
    assert client.state is State.REFUSED
    assert "no Outboard server" in client.line


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            {
                "error": {
                    "code": -32002,
                    "message": "Client speaks 1, server 2; update the extension",
                    "data": {"code": "UNSUPPORTED_VERSION"},
                }
            },
            "update the extension",
        ),
        ({"error": {"code": -32601, "message": "No such method"}}, "no Outboard server"),
        ({"result": {"protocol": 2}}, "no Outboard server"),
        ({"result": {}}, "no Outboard server"),
    ],
)
def test_a_hello_that_does_not_fit_needs_the_user(
    server: FakeServer, client: Client, reply: dict, words: str
) -> None:
    peer = server.meet(client)
    peer.handshake()
    peer.answer(peer.next_request("session.hello"), **reply)
    settle(client, peer)
    assert client.state is State.REFUSED
    assert words in client.line


@pytest.mark.parametrize("shake_hands", [False, True])
def test_a_server_that_never_answers_is_told_from_one_that_is_away(
    server: FakeServer, client: Client, clock: Clock, shake_hands: bool
) -> None:
    peer = server.meet(client)
    if shake_hands:
        peer.handshake()
        peer.next_request("session.hello")
    pass_time(client, clock, 4.5)
    assert client.state is State.CONNECTING
    while client.state is State.CONNECTING:
        pass_time(client, clock, 0.25)
    assert clock.now - 1000.0 < 6.0
    assert client.state is State.WAITING
    assert "accepted the connection but does not answer" in client.line


def test_a_closed_port_is_tried_again_with_growing_pauses(
    make_client: MakeClient, clock: Clock
) -> None:
    gone = FakeServer()
    gone.stop()
    tries = []
    client = make_client(
        gone.find,
        clock=clock,
        on_state=lambda c: tries.append(clock.now) if c.state is State.CONNECTING else None,
    )
    client.connect()
    pass_time(client, clock, 60.0, step=0.05)
    assert "No server is listening" in client.line
    assert "deno task serve" in client.line
    pauses = [later - sooner for sooner, later in itertools.pairwise(tries)]
    wanted = [min(0.25 * 2**n, 10.0) for n in range(len(pauses))]
    assert len(pauses) >= 8
    for pause, about in zip(pauses, wanted, strict=True):
        # Jitter of a fifth, and the steps in which the test's time passes.
        assert 0.75 * about <= pause <= 1.25 * about + 0.2


def test_connect_cuts_a_pause_short(make_client: MakeClient, clock: Clock) -> None:
    gone = FakeServer()
    gone.stop()
    client = make_client(gone.find, clock=clock)
    client.connect()
    pass_time(client, clock, 30.0)
    while client.state is not State.WAITING:
        client.pump()
    client.connect()
    states = []
    while not states or states[-1] is not State.WAITING:
        client.pump()
        states.append(client.state)
    assert State.CONNECTING in states


def test_the_next_server_is_tried_when_one_refuses(
    server: FakeServer, make_client: MakeClient
) -> None:
    gone = FakeServer()
    gone.stop()
    typed = ServerAddress("ws://compute.example.org/ws", "")
    client = make_client(lambda: [typed, gone.address, server.address])
    client.connect()
    server.welcome(client)
    assert client.state is State.CONNECTED


def test_a_name_is_refused_with_a_sentence(make_client: MakeClient, clock: Clock) -> None:
    client = make_client(lambda: [ServerAddress("ws://compute.example.org/ws", "")], clock=clock)
    client.connect()
    client.pump()
    assert client.state is State.REFUSED
    assert "IP address" in client.line


def test_a_changed_server_is_tried_though_the_last_one_refused(
    server: FakeServer, make_client: MakeClient, clock: Clock
) -> None:
    known = [ServerAddress(server.address.url, "wrong")]
    client = make_client(lambda: list(known), clock=clock)
    client.connect()
    peer = server.meet(client)
    peer.until(lambda: peer.request_headers)
    peer.send_raw(refusal("401 Unauthorized", ours("UNAUTHORIZED")))
    settle(client, peer)
    pass_time(client, clock, 20.0)
    assert client.state is State.REFUSED
    known[:] = [server.address]
    pass_time(client, clock, 1.25)
    server.welcome(client)
    assert client.state is State.CONNECTED


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
    settle(client, peer)
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
    settle(client, peer)
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
