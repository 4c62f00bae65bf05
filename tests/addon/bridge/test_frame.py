"""Frames, byte for byte."""

import numpy as np
import pytest
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from outboard.bridge.frame import ChunkEncoder, encode_frame, mask_into

KEY = bytes.fromhex("37fa213d")


def test_text_frame_is_the_example_of_the_standard() -> None:
    # RFC 6455, 5.7: a single-frame masked text message, "Hello".
    assert encode_frame(1, b"Hello", key=KEY).hex() == "818537fa213d7f9f4d5158"


def test_chunk_frame_is_golden() -> None:
    data = np.array([1.0, -2.0], "<f4").view(np.uint8)
    frame = bytes(ChunkEncoder(1024).encode(7, 1 << 33, data, key=b"\0\0\0\0"))
    expected = "829800000000070000000000000000000000020000000000803f000000c0"
    assert frame.hex() == expected


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 109, 110, 65519, 65520, 65536, 1 << 20])
@pytest.mark.parametrize("shift", [0, 1, 4])
def test_a_server_reads_what_was_encoded(size: int, shift: int) -> None:
    rng = np.random.default_rng(size)
    data = rng.integers(0, 256, size + shift, np.uint8)[shift:]
    encoder = ChunkEncoder(1 << 20)
    # The second frame overwrites the buffer of the first, whatever was in it.
    encoder.encode(1, 0, rng.integers(0, 256, 1 << 20, np.uint8))
    server = ServerProtocol(max_size=None, state=1)
    server.receive_data(bytes(encoder.encode(3, 16, data)))
    (frame,) = server.events_received()
    assert frame.opcode is Opcode.BINARY
    assert frame.data == (3).to_bytes(8, "little") + (16).to_bytes(8, "little") + data.tobytes()


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65535, 65536])
def test_text_of_any_length_is_read(size: int) -> None:
    server = ServerProtocol(max_size=None, state=1)
    server.receive_data(encode_frame(1, b"x" * size))
    assert server.events_received() == [Frame(Opcode.TEXT, b"x" * size)]


def test_mask_is_drawn_for_every_frame() -> None:
    assert len({encode_frame(1, b"same") for _ in range(20)}) > 15


def test_masking_leaves_the_source_alone() -> None:
    source = np.arange(100, dtype=np.uint8)
    source.flags.writeable = False
    target = np.empty(100, np.uint8)
    mask_into(target, source, KEY)
    mask_into(target, target.copy(), KEY)
    assert np.array_equal(target, source)
