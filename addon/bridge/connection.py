"""One WebSocket connection over a non-blocking socket: messages in, messages out, no waiting."""

import contextlib
import logging
import os
import socket
from collections import deque

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.protocol import State as ProtocolState
from websockets.uri import WebSocketURI

from . import failure
from .endpoint import Endpoint
from .failure import Failure
from .frame import encode_frame
from .handshake_failure import handshake_failure
from .outgoing import Outgoing
from .phase import Phase
from .readiness import is_ready

SUBPROTOCOL = "outboard.v1"

# The largest frame or message that is accepted; array chunks are at most 1 MiB.
MAX_MESSAGE_BYTES = 16 << 20

# One read: little while only short messages are expected, so that the budget is looked at often.
READ_BYTES = 16 << 10
READ_BYTES_ARRAYS = 256 << 10


class _MaskingProtocol(ClientProtocol):
    """The library's protocol, with numpy for the masking that it does byte by byte in Python."""

    def send_frame(self, frame: Frame) -> None:
        self.writes.append(encode_frame(frame.opcode, frame.data, fin=frame.fin))


def _uri(endpoint: Endpoint) -> WebSocketURI:
    return WebSocketURI(
        secure=False,
        host=endpoint.host,
        port=endpoint.port,
        path=endpoint.path,
        query=endpoint.query,
    )


class Connection:
    """A connection that is driven by `step` and ends in phase CLOSED with a `failure`.

    Parameters
    ----------
    endpoint : Endpoint
    token : str
    logger : logging.Logger

    Attributes
    ----------
    phase : Phase
    failure : Failure or None
        Why it ended; None if this side closed it.
    messages : deque of str or bytes-like
        What has come: text, or the payload of a binary frame.
    outgoing : Outgoing
        The arrays that are being sent.
    bytes_sent, bytes_received : int
    """

    def __init__(self, endpoint: Endpoint, token: str, logger: logging.Logger) -> None:
        self.endpoint = endpoint
        self.phase = Phase.CONNECTING
        self.failure: Failure | None = None
        self.messages: deque[str | bytes | bytearray] = deque()
        self.outgoing = Outgoing()
        self.bytes_sent = 0
        self.bytes_received = 0
        self.expect_arrays = False
        self._token = token
        self._protocol = _MaskingProtocol(
            _uri(endpoint),
            subprotocols=[SUBPROTOCOL],
            max_size=MAX_MESSAGE_BYTES,
            logger=logger.getChild("websocket"),
        )
        self._ready: deque[memoryview] = deque()
        self._current = memoryview(b"")
        self._fragments: list[bytes | bytearray] = []
        self._fragments_are_text = False
        self._read_buffer = bytearray(READ_BYTES_ARRAYS)
        family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
        self._socket: socket.socket | None = None
        try:
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.connect((endpoint.host, endpoint.port))
        except BlockingIOError:
            pass
        except OSError as error:
            self._end(failure.unreachable(endpoint.label, error))

    def fileno(self) -> int:
        """Return the socket's descriptor, or -1."""
        return -1 if self._socket is None else self._socket.fileno()

    @property
    def wants_write(self) -> bool:
        """Whether something waits for room in the socket."""
        return self.phase is Phase.CONNECTING or bool(
            self._current or self._ready or self.outgoing or self._protocol.writes
        )

    def send_text(self, text: str) -> None:
        """Queue a text frame; it overtakes every array chunk that has not begun."""
        if self.phase is Phase.OPEN and self._protocol.state is ProtocolState.OPEN:
            self._protocol.send_text(text.encode())

    def step(self) -> bool:
        """Do one bounded piece of work.

        Returns
        -------
        bool
            Whether anything moved; if not, there is nothing to do until the socket is ready.
        """
        if self.phase is Phase.CLOSED:
            return False
        if self.phase is Phase.CONNECTING:
            return self._finish_connect()
        moved = self._write()
        # What has come is handled before more is read, so that nothing piles up here.
        if not self.messages and self.phase is not Phase.CLOSED:
            moved = self._read() or moved
        return moved

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin an orderly close; `step` until the phase is CLOSED, or `abort`."""
        self.outgoing = Outgoing()
        try:
            self._protocol.send_close(code, reason)
        except InvalidState:
            self.abort()
            return
        self._write()

    def abort(self, why: Failure | None = None) -> None:
        """Close the socket at once."""
        self._end(why)

    def _finish_connect(self) -> bool:
        if self._socket is None or not is_ready(self._socket, write=True):
            return False
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            error = OSError(code, _describe(code))
            self._end(failure.unreachable(self.endpoint.label, error))
            return True
        request = self._protocol.connect()
        request.headers["Authorization"] = f"Bearer {self._token}"
        self._protocol.send_request(request)
        self.phase = Phase.HANDSHAKE
        return True

    def _next_buffer(self) -> memoryview:
        self._ready.extend(map(memoryview, self._protocol.data_to_send()))
        while self._ready:
            if buffer := self._ready.popleft():
                return buffer
            # An empty buffer is the library's wish to close our half of the connection.
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_WR)
        if self.phase is Phase.OPEN:
            return self.outgoing.next_frame() or memoryview(b"")
        return memoryview(b"")

    def _write(self) -> bool:
        if self._socket is None:
            return False
        try:
            self._current = self._current or self._next_buffer()
            if not self._current:
                return False
            sent = self._socket.send(self._current)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            # What the server said last may still wait to be read: a close, or why it refused.
            if not self._read() and self.phase is not Phase.CLOSED:
                self._end(failure.lost(self.endpoint.label, error))
            return True
        self._current = self._current[sent:]
        self.bytes_sent += sent
        return True

    def _read(self) -> bool:
        if self._socket is None:
            return False
        size = READ_BYTES_ARRAYS if self.expect_arrays else READ_BYTES
        try:
            count = self._socket.recv_into(self._read_buffer, size)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            self._end(failure.lost(self.endpoint.label, error))
            return True
        self.bytes_received += count
        if count:
            self._protocol.receive_data(memoryview(self._read_buffer)[:count])
        else:
            self._protocol.receive_eof()
        self._take_events()
        if count == 0 and self.phase is not Phase.CLOSED:
            self._end(failure.lost(self.endpoint.label))
        return True

    def _take_events(self) -> None:
        protocol, label = self._protocol, self.endpoint.label
        for event in protocol.events_received():
            if isinstance(event, Frame):
                self._take_frame(event)
        if protocol.handshake_exc is not None:
            self._end(handshake_failure(label, protocol.handshake_exc))
        elif protocol.close_rcvd is not None:
            self._say_goodbye()
            close = protocol.close_rcvd
            ours = protocol.close_rcvd_then_sent is False
            self._end(None if ours else failure.closed(label, close.code, close.reason))
        elif protocol.parser_exc is not None:
            self._say_goodbye()
            is_end = isinstance(protocol.parser_exc, EOFError)
            self._end(failure.lost(label) if is_end else failure.garbage(label))
        elif self.phase is Phase.HANDSHAKE and protocol.state is ProtocolState.OPEN:
            if protocol.subprotocol == SUBPROTOCOL:
                self.phase = Phase.OPEN
            else:
                self._end(failure.no_outboard(label))

    def _say_goodbye(self) -> None:
        """Try once to send the close frame that is due, and never mind if that fails."""
        with contextlib.suppress(OSError):
            self._current = self._current or self._next_buffer()
            if self._current and self._socket is not None:
                self._socket.send(self._current)

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        if frame.opcode is not Opcode.CONT:
            self._fragments, self._fragments_are_text = [], frame.opcode is Opcode.TEXT
        self._fragments.append(frame.data)
        if not frame.fin:
            return
        whole = self._fragments[0] if len(self._fragments) == 1 else b"".join(self._fragments)
        self._fragments = []
        if not self._fragments_are_text:
            self.messages.append(whole)
            return
        try:
            self.messages.append(whole.decode("utf-8"))
        except UnicodeDecodeError:
            self._end(failure.garbage(self.endpoint.label))

    def _end(self, why: Failure | None) -> None:
        if self.phase is Phase.CLOSED:
            self.failure = self.failure or why
            return
        self.phase, self.failure = Phase.CLOSED, why
        self._current = memoryview(b"")
        self._ready.clear()
        self.outgoing = Outgoing()
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _describe(code: int) -> str:
    # Windows has the texts of socket errors in a table of its own.
    return getattr(socket, "errorTab", {}).get(code) or os.strerror(code)
