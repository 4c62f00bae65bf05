"""Arrays through shared files, between the bridge and the real server."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outboard.bridge import Client, Job, OutboardError, run
from outboard.bridge.lane import PIECE_BYTES

WITHIN = 30.0
BY_FILES, BY_SOCKET = "arrays by shared files", "arrays by the socket"


def finish(client: Client, job: Job) -> dict[str, np.ndarray]:
    assert client.wait(job, WITHIN), f"{client.state}: {client.line}"
    if job.error is not None:
        raise job.error
    return job.result.outputs


def move(client: Client, points: np.ndarray, by: float) -> Job:
    return client.run("transform_points", {"translation": [by] * 3}, {"points": points})


def open_files() -> list[Path]:
    """List the files that this process has open."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("open files are found through /proc, which this system lacks")
    return [each.readlink() for each in descriptors.iterdir() if each.is_symlink()]


@pytest.fixture
def alone(
    start_server: Callable[..., Any], make_client: Callable[..., Client], pump_until: Any
) -> tuple[Client, Path]:
    """A client of a server of its own, and the folder that they share."""
    server = start_server()
    client = make_client(server.find)
    client.connect()
    pump_until(client, lambda: client.line.endswith(BY_FILES))
    (folder,) = {path.parent for path in open_files() if path.name.startswith("slot-")}
    return client, folder


def test_nothing_but_text_goes_by_the_socket(connected: Client) -> None:
    points = np.random.default_rng(1).random((1_000_000, 3), np.float32)
    sent, received = connected.bytes_sent, connected.bytes_received
    moved = finish(connected, move(connected, points, 1.0))["points"]
    np.testing.assert_allclose(moved, points + 1, rtol=1e-6)
    assert moved.flags.writeable
    assert moved.flags.owndata
    assert connected.bytes_sent - sent < 1000
    assert connected.bytes_received - received < 1000
    assert connected.line.endswith(BY_FILES)


def test_small_arrays_go_by_the_socket(connected: Client) -> None:
    points = np.zeros((100, 3), np.float32)
    sent = connected.bytes_sent
    finish(connected, move(connected, points, 1.0))
    assert connected.bytes_sent - sent > points.nbytes


@pytest.mark.parametrize(
    "change",
    [
        lambda points: points[::-1],
        np.asfortranarray,
        lambda points: points.astype(">f4"),
        lambda points: np.frombuffer(points.tobytes(), np.float32).reshape(-1, 3),
    ],
    ids=["a view from the end", "Fortran's order", "big-endian", "read-only"],
)
def test_arrays_of_any_layout(connected: Client, change: Callable[..., np.ndarray]) -> None:
    points = change(np.random.default_rng(2).random((100_001, 3), np.float32))
    moved = finish(connected, move(connected, points, 0.0))["points"]
    np.testing.assert_array_equal(moved, points)


def test_more_jobs_than_slots(connected: Client) -> None:
    points = np.random.default_rng(3).random((200_000, 3), np.float32)
    jobs = [move(connected, points, float(by)) for by in range(10)]
    for by, job in enumerate(jobs):
        np.testing.assert_allclose(finish(connected, job)["points"], points + by, rtol=1e-6)


def test_a_pump_without_time_moves_one_piece(alone: tuple[Client, Path]) -> None:
    client, folder = alone
    points = np.ones((1_000_000, 3), np.float32)
    job = move(client, points, 0.0)
    sizes = [0]
    while sizes[-1] < points.nbytes:
        client.pump(0.0)
        sizes.append(max(each.stat().st_size for each in folder.glob("slot-*")))
    assert max(np.diff(sizes)) == PIECE_BYTES
    np.testing.assert_array_equal(finish(client, job)["points"], points)


def test_cancel_while_the_inputs_are_written(alone: tuple[Client, Path]) -> None:
    client, _ = alone
    job = move(client, np.ones((2_000_000, 3), np.float32), 0.0)
    client.pump(0.0)
    sent = client.bytes_sent
    job.cancel()
    assert job.cancelled
    client.pump()
    assert client.bytes_sent == sent, "the server never heard of it"
    points = np.zeros((50_000, 3), np.float32)
    np.testing.assert_array_equal(finish(client, move(client, points, 2.0))["points"], points + 2)


def test_cancel_while_running_and_go_on(alone: tuple[Client, Path], pump_until: Any) -> None:
    client, folder = alone
    before = {each.name for each in folder.iterdir()}
    for _ in range(3):
        job = client.run("random_vectors", {"count": 10_000_000, "dtype": "float64"})
        pump_until(client, lambda job=job: job.fraction is not None)
        job.cancel()
        with pytest.raises(OutboardError) as failed:
            finish(client, job)
        assert failed.value.code == "CANCELLED"
    after = {each.name for each in folder.iterdir()}
    # Each cancelled job has left its slot for a fresh one, which the next has taken.
    assert (before - after, after - before) == ({"slot-4"}, {"slot-7"})
    points = np.ones((100_000, 3), np.float32)
    sent = client.bytes_sent
    finish(client, move(client, points, 1.0))
    assert client.bytes_sent - sent < 1000
    assert client.line.endswith(BY_FILES)


@pytest.mark.parametrize("when", ["before the inputs", "while the inputs are written"])
def test_a_folder_that_vanishes_costs_nothing(alone: tuple[Client, Path], when: str) -> None:
    client, folder = alone
    points = np.random.default_rng(4).random((300_000, 3), np.float32)
    if when == "before the inputs":
        shutil.rmtree(folder)
    job = move(client, points, 1.0)
    client.pump(0.0)
    if folder.exists():
        shutil.rmtree(folder)
    np.testing.assert_allclose(finish(client, job)["points"], points + 1, rtol=1e-6)
    client.pump()
    assert client.line.endswith(BY_SOCKET)
    np.testing.assert_allclose(
        finish(client, move(client, points, 2.0))["points"], points + 2, rtol=1e-6
    )


def test_an_error_of_the_operation_is_no_error_of_the_lane(alone: tuple[Client, Path]) -> None:
    client, _ = alone
    points = np.ones((100_000, 3), np.float32)
    points[77, 1] = np.nan
    with pytest.raises(OutboardError, match="row 77") as failed:
        finish(client, move(client, points, 1.0))
    assert failed.value.code == "INVALID_VALUE"
    client.pump()
    assert client.line.endswith(BY_FILES)


def test_run_goes_by_files(outboard_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    lines: list[str] = []
    close_now = Client.close_now

    def note(client: Client) -> None:
        lines.append(client.line)
        close_now(client)

    monkeypatch.setattr(Client, "close_now", note)
    points = np.random.default_rng(5).random((100_000, 3), np.float32)
    moved = run("transform_points", {"translation": [1, 1, 1]}, points=points).outputs["points"]
    np.testing.assert_allclose(moved, points + 1, rtol=1e-6)
    (line,) = lines
    assert line.endswith(BY_FILES)


def test_the_files_are_closed_with_the_connection(alone: tuple[Client, Path]) -> None:
    client, folder = alone

    def opened() -> int:
        return sum(path.parent == folder for path in open_files())

    assert opened() == 4
    move(client, np.ones((1_000_000, 3), np.float32), 1.0)
    client.pump(0.0)
    client.disconnect()
    assert opened() == 0
