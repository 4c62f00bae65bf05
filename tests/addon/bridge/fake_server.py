"""A server in the test's own thread, which can be made to misbehave at any byte."""

import contextlib
import json
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from outboard.bridge import Client, ServerAddress, State

WITHIN = 10.0

HELLO = {
    "protocol": 1,
    "server": {"name": "Outboard", "version": "9.8.7"},
    "session": "s-1",
    "limits": {"maxChunkBytes": 1 << 20, "maxArrayBytes": 1 << 28, "maxSessionBytes": 1 << 30},
    "threads": 3,
    "catalogue": {"revision": "r-1"},
}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def pass_time(client: Client, clock: Clock, seconds: float, step: float = 0.25) -> None:
    """Pump while the scripted time passes."""
    for _ in range(round(seconds / step)):
        clock.now += step
        client.pump()


class FakePeer:
    """The server's end of one connection.

    Attributes
    ----------
    messages : list
        What the client sent: dicts for text, bytes for binary frames.
    request_headers : Headers
        Of the handshake.
    closed_code : int or None
        Of the close frame that the client sent.
    """

    def __init__(self, sock: socket.socket, client: Client) -> None:
        self.socket = sock
        self.client = client
        self.protocol = ServerProtocol(subprotocols=["outboard.v1"], max_size=None)
        self.messages: list[Any] = []
        self.request_headers = None
        self.closed_code: int | None = None
        self.saw_eof = False
        sock.setblocking(False)
        # Small frames must not wait for an acknowledgement while the test's clock stands still.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> None:
        """Take in what the client has sent so far."""
        while not self.saw_eof:
            try:
                data = self.socket.recv(1 << 16)
            except BlockingIOError:
                return
            except ConnectionError:
                data = b""
            if not data:
                self.saw_eof = True
                return
            self.protocol.receive_data(data)
            for event in self.protocol.events_received():
                self._take(event)

    def until(self, condition: Callable[[], Any]) -> Any:
        """Pump the client and read until something is so."""
        end = time.monotonic() + WITHIN
        while not (value := condition()):
            assert time.monotonic() < end, f"{self.client.state}: {self.client.line}"
            self.client.pump()
            if self.socket.fileno() >= 0:
                self.read()
        return value

    def until_dropped(self) -> None:
        """Pump and read until the client has given up on this connection."""
        self.until(lambda: self.client.state in (State.WAITING, State.REFUSED))

    def drain(self) -> None:
        """Pump and read until both sides have had nothing to do for a while."""
        quiet = 0
        while quiet < 20:
            before = self.client.bytes_sent
            self.client.pump()
            self.read()
            quiet = quiet + 1 if self.client.bytes_sent == before else 0

    def handshake(self) -> None:
        """Accept the WebSocket."""
        request = self.until(lambda: self.request_headers and self._request)
        self.protocol.send_response(self.protocol.accept(request))
        self.flush()

    def greet(self, **changes: Any) -> None:
        """Answer hello and see the client connected."""
        hello = self.next_request("session.hello")
        self.answer(hello, {**HELLO, **changes})
        self.until(lambda: self.client.state is State.CONNECTED)

    def next_request(self, method: str) -> dict[str, Any]:
        """Wait for a request and take it out of `messages`."""

        def find() -> dict[str, Any] | None:
            for message in self.messages:
                if isinstance(message, dict) and message["method"] == method:
                    return message
            return None

        found = self.until(find)
        self.messages.remove(found)
        return found

    def upload(self, declaration: dict[str, Any]) -> bytes:
        """Wait for all bytes of a declared array."""
        fields = declaration["$array"]
        sizes = {"uint8": 1, "float64": 8}
        size = sizes.get(fields["dtype"], 4)
        for length in fields["shape"]:
            size *= length
        data = bytearray(size)
        missing = size

        def collect() -> bool:
            nonlocal missing
            for message in [m for m in self.messages if isinstance(m, bytes)]:
                array_id, zero, offset = struct.unpack_from("<IIQ", message)
                assert zero == 0
                if array_id == fields["id"]:
                    data[offset : offset + len(message) - 16] = message[16:]
                    missing -= len(message) - 16
                    self.messages.remove(message)
            return missing == 0

        self.until(collect)
        return bytes(data)

    def answer(self, request: dict[str, Any], result: Any = None, error: Any = None) -> None:
        """Answer a request."""
        key, value = ("error", error) if error is not None else ("result", result)
        self.send({"jsonrpc": "2.0", "id": request["id"], key: value})

    def send(self, message: Any) -> None:
        """Send a text frame."""
        self.protocol.send_text(json.dumps(message).encode())
        self.flush()

    def send_chunk(self, array_id: int, offset: int, data: bytes) -> None:
        """Send a chunk of an array."""
        self.protocol.send_binary(struct.pack("<IIQ", array_id, 0, offset) + data)
        self.flush()

    def close(self, code: int, reason: str = "") -> None:
        """Send a close frame."""
        self.protocol.send_close(code, reason)
        self.flush()

    def flush(self) -> None:
        """Send what the protocol has to say."""
        for data in self.protocol.data_to_send():
            self.send_raw(data)

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are, while the client goes on reading."""
        view = memoryview(data)
        end = time.monotonic() + WITHIN
        while view:
            assert time.monotonic() < end
            with contextlib.suppress(BlockingIOError):
                view = view[self.socket.send(view) :]
            self.client.pump()

    def take_bytes(self) -> bytes:
        """Return what the protocol would send now, to be sent by hand."""
        return b"".join(self.protocol.data_to_send())

    def hang_up(self) -> None:
        """Close the socket without a word."""
        self.socket.close()

    def _take(self, event: Any) -> None:
        if not isinstance(event, Frame):
            self._request, self.request_headers = event, event.headers
        elif event.opcode is Opcode.TEXT:
            self.messages.append(json.loads(event.data))
        elif event.opcode is Opcode.BINARY:
            self.messages.append(bytes(event.data))
        elif event.opcode is Opcode.CLOSE:
            self.closed_code = self.protocol.close_rcvd.code


class FakeServer:
    """Listens on a free port."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.peers: list[FakePeer] = []

    @property
    def address(self) -> ServerAddress:
        return ServerAddress(f"ws://127.0.0.1:{self.port}/ws", "secret", None, "9.8.7")

    def find(self) -> list[ServerAddress]:
        return [self.address]

    def meet(self, client: Client) -> FakePeer:
        """Accept the client's next TCP connection."""
        end = time.monotonic() + WITHIN
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ)
            while not selector.select(0.01):
                assert time.monotonic() < end, f"{client.state}: {client.line}"
                client.pump()
        self.peers.append(FakePeer(self.listener.accept()[0], client))
        return self.peers[-1]

    def welcome(self, client: Client, **hello: Any) -> FakePeer:
        """Accept, shake hands and answer hello."""
        peer = self.meet(client)
        peer.handshake()
        peer.greet(**hello)
        return peer

    def stop(self) -> None:
        """Stop listening, and hang up on everybody."""
        self.listener.close()
        for peer in self.peers:
            peer.hang_up()


def chunks(data: bytes, size: int) -> Iterable[tuple[int, bytes]]:
    """Cut bytes into chunks with their offsets."""
    for offset in range(0, len(data), size):
        yield offset, data[offset : offset + size]
