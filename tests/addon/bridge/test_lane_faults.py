"""The client's side of the lane, against a server that misbehaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_server import HELLO, FakePeer, FakeServer

from outboard.bridge import Client, Job, OutboardError, State
from outboard.bridge.lane_offer import read_nonce

NONCE = "0123456789abcdef" * 4
SLOT_BYTES = 1 << 24
VALUES = np.arange(100_000, dtype=np.float32)
LANE_FAILED = {"code": -32018, "message": "No such slot", "data": {"code": "LANE_FAILED"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a server makes it, with two slots."""
    folder = tmp_path / "lane"
    folder.mkdir(mode=0o700)
    for name, text in [("nonce", NONCE), ("slot-1", ""), ("slot-2", "")]:
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return folder


def shake_hands(server: FakeServer, client: Client, folder: Path) -> FakePeer:
    peer = server.meet(client)
    peer.handshake()
    hello = peer.next_request("session.hello")
    peer.answer(hello, {**HELLO, "lane": {"folder": str(folder)}})
    return peer


@pytest.fixture
def peer(server: FakeServer, client: Client, folder: Path) -> FakePeer:
    """The server's end of a connection with a lane."""
    peer = shake_hands(server, client, folder)
    ask = peer.next_request("session.lane")
    assert ask["params"] == {"nonce": NONCE}
    assert client.state is State.CONNECTING, "the first job shall have the lane"
    peer.answer(ask, {"slots": [1, 2], "slotBytes": SLOT_BYTES})
    peer.until(lambda: client.line.endswith("arrays by shared files"))
    return peer


def start(client: Client, values: np.ndarray = VALUES) -> Job:
    return client.run("echo", {}, {"values": values})


def by_lane(peer: FakePeer) -> dict[str, Any]:
    """Wait for a job whose input lies in a slot."""
    message = peer.next_request("jobs.run")
    assert "lane" in message["params"]["inputs"]["values"]["$array"]
    return message


def answer_by_lane(peer: FakePeer, message: dict[str, Any], **changes: int) -> None:
    place = {**message["params"]["lane"], **changes}
    fields = {"id": 9, "dtype": "float32", "shape": [len(VALUES)], "lane": place}
    peer.answer(message, {"outputs": {"values": {"$array": fields}}})


def echo_by_socket(peer: FakePeer) -> None:
    """Take a job that does without the lane, and answer with what came."""
    message = peer.next_request("jobs.run")
    assert "lane" not in message["params"]
    declared = message["params"]["inputs"]["values"]
    assert "lane" not in declared["$array"]
    data = peer.upload(declared)
    fields = {"id": 3, "dtype": "float32", "shape": declared["$array"]["shape"]}
    peer.answer(message, {"outputs": {"values": {"$array": fields}}})
    peer.send_chunk(3, 0, data)


def assert_echoed(peer: FakePeer, job: Job) -> None:
    peer.until(lambda: job.done)
    assert job.error is None, job.error
    np.testing.assert_array_equal(job.result.outputs["values"], VALUES)


def test_input_and_output_lie_in_the_slot(peer: FakePeer, client: Client, folder: Path) -> None:
    job = start(client)
    message = by_lane(peer)
    place = message["params"]["inputs"]["values"]["$array"]["lane"]
    slot = folder / f"slot-{place['slot']}"
    assert np.fromfile(slot, np.float32, offset=place["offset"]).tobytes() == VALUES.tobytes()
    room = message["params"]["lane"]
    assert room["slot"] == place["slot"]
    assert room["offset"] >= VALUES.nbytes
    with slot.open("r+b") as file:
        file.seek(room["offset"])
        file.write(VALUES.tobytes())
    answer_by_lane(peer, message)
    assert_echoed(peer, job)


@pytest.mark.parametrize("fault", ["a short file", "the server's word", "no disk left"])
def test_a_job_is_run_again_by_the_socket(
    peer: FakePeer, client: Client, folder: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    if fault == "no disk left":
        resource = pytest.importorskip("resource")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (VALUES.nbytes // 2, hard))
        try:
            job = start(client)
            client.pump()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    else:
        job = start(client)
        message = by_lane(peer)
        if fault == "a short file":
            answer_by_lane(peer, message)
        else:
            peer.answer(message, error=LANE_FAILED)
    echo_by_socket(peer)
    assert_echoed(peer, job)
    assert "by the socket from now on" in caplog.text
    assert client.line.endswith("arrays by the socket")
    later = start(client)
    echo_by_socket(peer)
    assert_echoed(peer, later)


def test_a_job_is_run_again_once(peer: FakePeer, client: Client) -> None:
    job = start(client)
    peer.answer(by_lane(peer), error=LANE_FAILED)
    peer.answer(peer.next_request("jobs.run"), error=LANE_FAILED)
    peer.until(lambda: job.done)
    assert job.error.code == "LANE_FAILED"
    peer.drain()
    assert peer.messages == [] or all(isinstance(each, bytes) for each in peer.messages)


def test_a_cancelled_job_is_not_run_again(peer: FakePeer, client: Client) -> None:
    job = start(client)
    message = by_lane(peer)
    job.cancel()
    peer.answer(peer.next_request("jobs.cancel"), {"cancelled": True})
    peer.answer(message, error=LANE_FAILED)
    peer.until(lambda: job.done)
    assert job.cancelled


def test_a_fresh_slot_takes_the_place_of_an_old_one(
    peer: FakePeer, client: Client, folder: Path
) -> None:
    first, second = start(client), start(client)
    messages = [by_lane(peer), by_lane(peer)]
    (folder / "slot-5").touch(0o600)
    slots = [each["params"]["lane"]["slot"] for each in messages]
    for slot, fresh in zip(slots, (5, None), strict=True):
        params = {"slot": slot, "as": fresh}
        peer.send({"jsonrpc": "2.0", "method": "lane.renewed", "params": params})
    for message in messages:
        peer.answer(message, error={"code": -32015, "message": "No", "data": {}})
    peer.until(lambda: first.done and second.done)
    third = start(client)
    assert by_lane(peer)["params"]["lane"]["slot"] == 5
    fourth = start(client)
    echo_by_socket(peer)
    assert_echoed(peer, fourth)
    assert not third.done


def test_a_refused_job_gives_its_slot_back(peer: FakePeer, client: Client) -> None:
    for _ in range(5):
        job = start(client)
        peer.answer(by_lane(peer), error={"code": -32602, "message": "No", "data": {}})
        peer.until(lambda job=job: job.done)
        assert job.error.code == "INVALID_PARAMS"


def test_an_answer_in_another_slot_ends_the_connection(peer: FakePeer, client: Client) -> None:
    job = start(client)
    message = by_lane(peer)
    answer_by_lane(peer, message, slot=3 - message["params"]["lane"]["slot"])
    peer.until(lambda: job.done)
    assert job.error.code == "CONNECTION_LOST"


@pytest.mark.parametrize(
    "granted",
    [{}, {"slots": "1", "slotBytes": 1}, {"slots": [7], "slotBytes": 1}, {"slots": [1]}],
    ids=["nothing", "no list", "a slot that is not there", "no size"],
)
def test_a_grant_that_is_no_use(
    server: FakeServer, client: Client, folder: Path, granted: dict[str, Any]
) -> None:
    peer = shake_hands(server, client, folder)
    peer.answer(peer.next_request("session.lane"), granted)
    peer.until(lambda: client.line.endswith("arrays by the socket"))
    job = start(client)
    echo_by_socket(peer)
    assert_echoed(peer, job)


def test_a_refusal_leaves_the_socket(server: FakeServer, client: Client, folder: Path) -> None:
    peer = shake_hands(server, client, folder)
    peer.answer(peer.next_request("session.lane"), error=LANE_FAILED)
    peer.until(lambda: client.line.endswith("arrays by the socket"))


def open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def open_nonce(folder: Path) -> None:
    (folder / "nonce").chmod(0o644)


def no_nonce(folder: Path) -> None:
    (folder / "nonce").unlink()


def other_text(folder: Path) -> None:
    (folder / "nonce").write_text("a secret of the user".ljust(64, "!"))


def longer_text(folder: Path) -> None:
    (folder / "nonce").write_text(NONCE + "0")


def linked_nonce(folder: Path) -> None:
    (folder / "nonce").rename(folder / "elsewhere")
    (folder / "nonce").symlink_to(folder / "elsewhere")


@pytest.mark.parametrize(
    "change", [open_folder, open_nonce, no_nonce, other_text, longer_text, linked_nonce]
)
def test_what_is_not_plainly_a_nonce_is_told_to_nobody(
    server: FakeServer, client: Client, folder: Path, change: Callable[[Path], None]
) -> None:
    change(folder)
    peer = shake_hands(server, client, folder)
    peer.until(lambda: client.state is State.CONNECTED)
    assert client.line.endswith("arrays by the socket")
    peer.drain()
    assert peer.messages == []


def test_read_nonce_is_for_this_machine_alone(folder: Path) -> None:
    for host in ("127.0.0.1", "127.1.2.3", "localhost", "::1"):
        assert read_nonce(host, folder) == NONCE
    for host in ("192.168.1.5", "example.org", "127.example.org", ""):
        assert read_nonce(host, folder) is None
    assert read_nonce("127.0.0.1", Path("lane")) is None


def test_a_lost_connection_ends_the_job(peer: FakePeer, client: Client) -> None:
    job = start(client, np.ones(1 << 22, np.float32))
    client.pump(0.0)
    peer.hang_up()
    peer.until(lambda: job.done)
    assert isinstance(job.error, OutboardError)
    assert job.error.code == "CONNECTION_LOST"
