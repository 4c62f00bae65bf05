"""The bridge and the real server."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outboard.bridge import (
    Client,
    JobResult,
    OutboardError,
    ServerAddress,
    State,
    find_servers,
    link,
)

PumpUntil = Callable[..., None]
MakeClient = Callable[..., Client]

# Long enough to be caught in the middle: 240 MB of normal distributed numbers.
LONG = {"count": 10_000_000, "distribution": {"kind": "normal"}, "dtype": "float64", "seed": 1}
ANSWERED_WITHIN = 30.0


def connect(make_client: MakeClient, pump_until: PumpUntil, server: Any) -> Client:
    client = make_client(server.find)
    client.connect()
    pump_until(client, lambda: client.state is State.CONNECTED)
    return client


def finish(client: Client, job: Any) -> JobResult:
    """Wait for a job and return its result."""
    assert client.wait(job, ANSWERED_WITHIN), f"{client.state}: {client.line}"
    if job.error is not None:
        raise job.error
    return job.result


def test_hello_tells_about_the_server(connected: Client, outboard_server: Any) -> None:
    assert connected.server_version == outboard_server.version
    assert connected.threads == 2
    assert connected.session
    assert connected.catalogue_revision
    assert connected.limits["maxChunkBytes"] > 0
    assert outboard_server.find() == [outboard_server.address]


def test_a_ping_with_a_message_is_printed_by_the_server(
    connected: Client, outboard_server: Any, pump_until: PumpUntil
) -> None:
    request = connected.request("server.ping", {"message": "hello from the bridge's test"})
    result = finish(connected, request)
    assert result["message"] == "hello from the bridge's test"
    pump_until(connected, lambda: any("hello from the bridge" in s for s in outboard_server.lines))


def test_the_catalogue_lists_operations(connected: Client) -> None:
    result = finish(connected, connected.request("operations.list"))
    names = {operation["name"] for operation in result["operations"]}
    assert names >= {"random_vectors", "transform_points", "transform_objects"}
    assert result["revision"] == connected.catalogue_revision


def test_random_vectors_come_as_an_array(connected_either_way: Client) -> None:
    first = finish(connected_either_way, connected_either_way.run("random_vectors", {"count": 5}))
    vectors = first.outputs["vectors"]
    assert (vectors.shape, vectors.dtype) == ((5, 3), np.float32)
    assert first.round_trip_ms > 0
    assert first.timings["totalMs"] >= 0
    again = finish(connected_either_way, connected_either_way.run("random_vectors", first.params))
    assert again.outputs["vectors"].tobytes() == vectors.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_million_points_return_bit_by_bit(connected_either_way: Client, dtype: type) -> None:
    points = np.random.default_rng(7).random((1_000_000, 3)).astype(dtype)
    result = finish(
        connected_either_way, connected_either_way.run("transform_points", {}, {"points": points})
    )
    assert result.outputs["points"].dtype == dtype
    assert result.outputs["points"].tobytes() == points.tobytes()


def test_no_points_are_an_array_too(connected_either_way: Client) -> None:
    points = np.empty((0, 3), np.float32)
    result = finish(
        connected_either_way, connected_either_way.run("transform_points", {}, {"points": points})
    )
    assert result.outputs["points"].shape == (0, 3)


def test_several_arrays_of_several_jobs_keep_apart(connected_either_way: Client) -> None:
    rng = np.random.default_rng(11)
    jobs = []
    for shift in (1.0, 2.0, 3.0):
        points = rng.random((300_000, 3), np.float32)
        matrices = np.tile(np.eye(4, dtype=np.float32), (len(points), 1, 1))
        matrices[:, :3, 3] = shift
        inputs = {"points": points, "matrices": matrices}
        jobs.append(
            (connected_either_way.run("transform_points", {}, inputs), points + np.float32(shift))
        )
    for job, expected in jobs:
        got = finish(connected_either_way, job).outputs["points"]
        np.testing.assert_allclose(got, expected, rtol=1e-6)


def test_progress_is_reported_in_order(connected_either_way: Client) -> None:
    told: list[float] = []
    job = connected_either_way.run(
        "random_vectors", LONG, on_progress=lambda part, _text: told.append(part)
    )
    vectors = finish(connected_either_way, job).outputs["vectors"]
    assert vectors.nbytes == 240_000_000
    assert told == sorted(told)
    assert told
    assert all(0 <= part <= 1 for part in told)


@pytest.mark.parametrize(
    ("operation", "params", "inputs", "code"),
    [
        ("no_such_thing", {}, {}, "UNKNOWN_OPERATION"),
        ("random_vectors", {"count": 0}, {}, "INVALID_PARAMS"),
        ("transform_points", {}, {}, "INVALID_ARRAY"),
        ("transform_points", {}, {"points": np.zeros((4, 2), np.float32)}, "INVALID_SHAPE"),
        ("transform_points", {}, {"points": np.zeros((4, 3), np.int32)}, "INVALID_DTYPE"),
    ],
)
def test_errors_keep_their_names(
    connected_either_way: Client, operation: str, params: dict, inputs: dict, code: str
) -> None:
    with pytest.raises(OutboardError) as failed:
        finish(connected_either_way, connected_either_way.run(operation, params, inputs))
    assert failed.value.code == code
    assert failed.value.data["code"] == code
    assert finish(connected_either_way, connected_either_way.request("server.ping"))["threads"] == 2


def test_issues_say_what_was_wanted(connected: Client) -> None:
    with pytest.raises(OutboardError) as failed:
        finish(connected, connected.run("random_vectors", {"count": "many"}))
    (issue,) = failed.value.data["issues"]
    assert issue["path"] == "count"


def test_an_unknown_method_is_an_error(connected: Client) -> None:
    with pytest.raises(OutboardError) as failed:
        finish(connected, connected.request("jobs.dance"))
    assert failed.value.code == "METHOD_NOT_FOUND"


def test_too_many_jobs_are_told_to_come_back(connected: Client) -> None:
    jobs = [connected.run("random_vectors", {"count": 200_000}) for _ in range(100)]
    for job in jobs:
        assert connected.wait(job, ANSWERED_WITHIN)
    errors = [job.error for job in jobs if job.error is not None]
    assert errors
    assert len(errors) < 100
    assert {error.code for error in errors} == {"BUSY"}
    assert all(error.retry and error.data["retryAfterMs"] > 0 for error in errors)


def test_cancel_while_uploading(connected_by_socket: Client, pump_until: PumpUntil) -> None:
    points = np.zeros((20_000_000, 3), np.float32)
    before = connected_by_socket.bytes_sent
    job = connected_by_socket.run("transform_points", {}, {"points": points})
    pump_until(connected_by_socket, lambda: connected_by_socket.bytes_sent - before > 10 << 20)
    job.cancel()
    with pytest.raises(OutboardError) as failed:
        finish(connected_by_socket, job)
    assert failed.value.code == "CANCELLED"
    assert job.cancelled
    assert connected_by_socket.bytes_sent - before < points.nbytes // 2
    status = finish(connected_by_socket, connected_by_socket.request("server.status"))
    assert status["bytes"]["held"] == 0
    assert finish(connected_by_socket, connected_by_socket.run("random_vectors", {})).outputs[
        "vectors"
    ].shape == (1, 3)


def test_cancel_while_running(connected_either_way: Client, pump_until: PumpUntil) -> None:
    job = connected_either_way.run("random_vectors", LONG)
    pump_until(connected_either_way, lambda: job.fraction is not None or job.done)
    assert not job.done
    job.cancel()
    with pytest.raises(OutboardError) as failed:
        finish(connected_either_way, job)
    assert failed.value.code == "CANCELLED"
    assert connected_either_way.state is State.CONNECTED


def test_a_wrong_token_needs_the_user(
    outboard_server: Any, make_client: MakeClient, pump_until: PumpUntil
) -> None:
    client = make_client(lambda: [ServerAddress(outboard_server.url, "wrong")])
    client.connect()
    pump_until(client, lambda: client.state is State.REFUSED)
    assert "refused the token" in client.line


def test_a_wrong_version_needs_the_user(
    outboard_server: Any,
    make_client: MakeClient,
    pump_until: PumpUntil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "PROTOCOL_VERSION", 99)
    client = make_client(outboard_server.find)
    client.connect()
    pump_until(client, lambda: client.state is State.REFUSED)
    assert "99" in client.line


def test_the_client_may_come_first(
    start_server: Callable[..., Any],
    make_client: MakeClient,
    pump_until: PumpUntil,
    tmp_path: Any,
) -> None:
    home = tmp_path / "server"
    client = make_client(lambda: find_servers(home))
    client.connect()
    pump_until(client, lambda: client.state is State.SEARCHING)
    client.pump()
    assert "deno task serve" in client.line
    start_server(home=home)
    pump_until(client, lambda: client.state is State.CONNECTED)


def test_a_killed_server_ends_the_job_and_is_found_again(
    start_server: Callable[..., Any], make_client: MakeClient, pump_until: PumpUntil
) -> None:
    server = start_server()
    client = connect(make_client, pump_until, server)
    job = client.run("random_vectors", LONG)
    pump_until(client, lambda: job.fraction is not None)
    server.kill()
    pump_until(client, lambda: job.done)
    assert job.error.code == "CONNECTION_LOST"
    assert client.state is not State.CONNECTED
    start_server(home=server.home)
    pump_until(client, lambda: client.state is State.CONNECTED)
    assert finish(client, client.request("server.ping"))["threads"] == 2


def test_a_server_process_that_dies_alone_is_found_again(
    start_server: Callable[..., Any], make_client: MakeClient, pump_until: PumpUntil
) -> None:
    server = start_server()
    client = connect(make_client, pump_until, server)
    first = client.session
    children = children_of(server.process.pid)
    assert children
    for child in children:
        os.kill(child, signal.SIGKILL)
    pump_until(client, lambda: client.state is not State.CONNECTED)
    pump_until(client, lambda: client.state is State.CONNECTED)
    assert client.session != first
    assert server.process.poll() is None


def test_a_server_that_stops_cancels_the_job(
    start_server: Callable[..., Any], make_client: MakeClient, pump_until: PumpUntil
) -> None:
    server = start_server()
    client = connect(make_client, pump_until, server)
    job = client.run("random_vectors", LONG)
    pump_until(client, lambda: job.fraction is not None)
    server.process.send_signal(signal.SIGTERM)
    pump_until(client, lambda: job.done and client.state is not State.CONNECTED)
    assert (job.error.code, "shutting down" in job.error.message) == ("CANCELLED", True)
    assert server.process.wait(5.0) == 0
    assert server.find() == []
    pump_until(client, lambda: client.state is State.SEARCHING)
    assert "deno task serve" in client.line


def test_a_polite_goodbye_ends_the_session(
    connected: Client, outboard_server: Any, make_client: MakeClient, pump_until: PumpUntil
) -> None:
    observer = connect(make_client, pump_until, outboard_server)
    session = connected.session
    connected.disconnect()
    pump_until(connected, lambda: not connected.busy)

    def sessions() -> set[str]:
        status = finish(observer, observer.request("server.status"))
        return {each["session"] for each in status["sessions"]}

    pump_until(observer, lambda: session not in sessions())


def children_of(pid: int) -> list[int]:
    """List the processes that a process started."""
    processes = Path("/proc")
    if not processes.is_dir():
        pytest.skip("child processes are found through /proc, which this system lacks")
    found = []
    for status in processes.glob("[0-9]*/stat"):
        # A process may end while the list is gone through.
        with contextlib.suppress(OSError):
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid:
                found.append(int(status.parent.name))
    return found
