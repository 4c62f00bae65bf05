"""Arrays cut into chunks and put together again."""

import numpy as np
import pytest
from websockets.server import ServerProtocol

from outboard.bridge import OutboardError
from outboard.bridge.incoming import (
    IncomingArray,
    ProtocolViolation,
    check_sizes,
    read_declaration,
    split_chunk,
)
from outboard.bridge.outgoing import Outgoing, to_wire


def unframe(frame: memoryview) -> tuple[int, int, bytes]:
    server = ServerProtocol(max_size=None, state=1)
    server.receive_data(bytes(frame))
    (event,) = server.events_received()
    array_id, offset, data = split_chunk(event.data)
    return array_id, offset, bytes(data)


def test_chunks_in_any_order_make_the_array() -> None:
    rng = np.random.default_rng(5)
    data = rng.integers(0, 256, 4000, np.uint8)
    incoming = IncomingArray(np.dtype("<f4"), (1000,))
    pieces = [(at, data[at : at + 13]) for at in range(0, 4000, 13)]
    for index in rng.permutation(len(pieces)):
        assert not incoming.complete
        at, piece = pieces[index]
        incoming.write(at, memoryview(piece))
    assert incoming.complete
    assert incoming.array.tobytes() == data.tobytes()
    assert incoming.array.flags.writeable
    assert incoming.array.flags.owndata


@pytest.mark.parametrize(
    ("at", "size"), [(0, 1), (4, 8), (6, 2), (15, 2), (16, 1), (20, 1), (2, 0)]
)
def test_bytes_twice_or_beyond_the_end_are_a_violation(at: int, size: int) -> None:
    incoming = IncomingArray(np.dtype("u1"), (16,))
    incoming.write(0, memoryview(b"abcd"))
    incoming.write(6, memoryview(b"efgh"))
    with pytest.raises(ProtocolViolation):
        incoming.write(at, memoryview(bytes(size)))


def test_an_array_of_nothing_is_complete() -> None:
    incoming = IncomingArray(np.dtype("<f4"), (0, 3))
    assert incoming.complete
    assert incoming.array.shape == (0, 3)


def test_a_forgotten_array_still_counts() -> None:
    incoming = IncomingArray(np.dtype("u1"), (4,), keep=False)
    incoming.write(0, memoryview(b"ab"))
    incoming.write(2, memoryview(b"cd"))
    assert incoming.complete
    assert incoming.array is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [[1, 2]],
        {"$array": None},
        {"$array": {"id": 1, "dtype": "float16", "shape": [1]}},
        {"$array": {"id": 1, "dtype": ["float32"], "shape": [1]}},
        {"$array": {"id": -1, "dtype": "float32", "shape": [1]}},
        {"$array": {"id": 2**32, "dtype": "float32", "shape": [1]}},
        {"$array": {"id": True, "dtype": "float32", "shape": [1]}},
        {"$array": {"id": 1, "dtype": "float32", "shape": [-1]}},
        {"$array": {"id": 1, "dtype": "float32", "shape": [1.5]}},
        {"$array": {"id": 1, "dtype": "float32", "shape": [1] * 9}},
        {"$array": {"id": 1, "dtype": "float32", "shape": 3}},
    ],
)
def test_a_declaration_that_cannot_be_read_is_a_violation(value: object) -> None:
    with pytest.raises(ProtocolViolation):
        read_declaration(value)


def test_sizes_are_held_against_the_limits() -> None:
    limits = {"maxArrayBytes": 100, "maxSessionBytes": 150}
    check_sizes([100, 50], limits)
    for sizes in ([101], [80, 80]):
        with pytest.raises(OutboardError) as refused:
            check_sizes(sizes, limits)
        assert refused.value.code == "TOO_LARGE"


def test_arrays_go_out_in_turn() -> None:
    outgoing = Outgoing()
    outgoing.limit_chunks(16)
    arrays = {}
    for length in (40, 8, 33):
        array = np.arange(length, dtype=np.uint8)
        arrays[outgoing.add(array)] = array
    order, received = [], {array_id: bytearray() for array_id in arrays}
    while (frame := outgoing.next_frame()) is not None:
        array_id, offset, data = unframe(frame)
        assert offset == len(received[array_id])
        received[array_id] += data
        order.append(array_id)
    assert order == [1, 2, 3, 1, 3, 1, 3]
    assert all(received[array_id] == array.tobytes() for array_id, array in arrays.items())
    assert not outgoing


def test_a_dropped_array_is_not_sent() -> None:
    outgoing = Outgoing()
    dropped, kept = outgoing.add(np.zeros(9, np.uint8)), outgoing.add(np.ones(9, np.uint8))
    outgoing.drop([dropped])
    assert unframe(outgoing.next_frame())[0] == kept
    assert outgoing.next_frame() is None


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12, dtype=">f4").reshape(3, 4),
        np.arange(12, dtype=np.float64).reshape(3, 4).T,
        np.arange(24, dtype=np.int32)[::2],
        np.array(3.0, np.float32),
    ],
)
def test_any_layout_becomes_that_of_the_wire(array: np.ndarray) -> None:
    wire = to_wire("points", array)
    assert wire.flags.c_contiguous
    assert wire.dtype == wire.dtype.newbyteorder("<")
    assert wire.shape == array.shape
    assert np.array_equal(wire, array)


def test_an_array_that_fits_is_not_copied() -> None:
    array = np.zeros((5, 3), np.float32)
    assert np.shares_memory(to_wire("points", array), array)


@pytest.mark.parametrize("dtype", [np.float16, np.int64, np.bool_, np.complex64, object, "U3"])
def test_other_element_types_are_refused(dtype: object) -> None:
    with pytest.raises(OutboardError, match="points") as refused:
        to_wire("points", np.zeros(3, dtype))
    assert refused.value.code == "INVALID_DTYPE"
