"""What the client does and says while it looks for a server and loses it again."""

import itertools
import json
from collections.abc import Callable

import pytest
from fake_server import Clock, FakeServer, pass_time

from outboard.bridge import Client, ServerAddress, State

MakeClient = Callable[..., Client]


def refusal(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def ours(code: str, message: str = "Because") -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


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
    peer.until_dropped()
    assert client.state is state
    assert words in client.line
    assert "\n" not in client.line


def test_a_server_without_the_subprotocol_is_no_outboard(
    server: FakeServer, client: Client
) -> None:
    peer = server.meet(client)
    peer.protocol.available_subprotocols = None
    peer.handshake()
    peer.until_dropped()
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
    peer.until_dropped()
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
    peer.until_dropped()
    pass_time(client, clock, 20.0)
    assert client.state is State.REFUSED
    known[:] = [server.address]
    pass_time(client, clock, 1.25)
    server.welcome(client)
    assert client.state is State.CONNECTED
