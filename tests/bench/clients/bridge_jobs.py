"""Jobs through the extension's own bridge, numpy array to numpy array."""

import hashlib
import itertools
import time
from functools import cache
from pathlib import Path

import numpy as np
from made_points import check_transformed, made_points, transform
from metaballs import check_field, metaballs

from outboard.bridge import Client, JobResult, State, find_servers, run

WITHIN = 120.0

_steps = itertools.count(1)
_digests: dict[str, str] = {}


@cache
def client(home: str) -> Client:
    """Connect to the server that has this state folder, once."""
    client = Client(lambda: find_servers(Path(home)), client_version="1", client_name="benchmark")
    client.connect()
    end = time.monotonic() + WITHIN
    while client.state is not State.CONNECTED and time.monotonic() < end:
        client.pump()
        client.sleep(0.01)
    assert client.state is State.CONNECTED, client.line
    return client


def _run(home: str, operation: str, params: dict, **inputs: np.ndarray) -> JobResult:
    job = client(home).run(operation, params, inputs)
    assert client(home).wait(job, WITHIN), f"{operation} did not end"
    if job.error is not None:
        raise job.error
    return job.result


def transform_points(home: str, count: int) -> float:
    """From numpy array to numpy array; milliseconds."""
    points, step = made_points(count), next(_steps)
    params, _, _ = transform(step)
    client(home)
    begun = time.perf_counter()
    result = _run(home, "transform_points", params, points=points).outputs["points"]
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(result, count, step)
    return ms


def transform_by_script(url: str, token: str, count: int) -> float:
    """By one call of `run`, which connects and disconnects by itself; milliseconds."""
    points, step = made_points(count), next(_steps)
    params, _, _ = transform(step)
    begun = time.perf_counter()
    result = run("transform_points", params, address=url, token=token, points=points)
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(result.outputs["points"], count, step)
    return ms


def metaball_field(home: str, count: int) -> float:
    """Have the field of many balls computed; milliseconds."""
    points, (centers, radii) = made_points(count), metaballs()
    client(home)
    begun = time.perf_counter()
    inputs = {"points": points, "centers": centers, "radii": radii}
    result = _run(home, "metaball_field", {}, **inputs).outputs["field"]
    ms = (time.perf_counter() - begun) * 1000
    check_field(result, points)
    return ms


def compute_time(home: str, operation: str, count: int) -> float:
    """How long the threads took for a job, as the server says; milliseconds.

    Its bytes must be those of every other run of the same job, on whatever server.
    """
    if operation == "random_vectors":
        params = {"count": count, "seed": 7, "distribution": {"kind": "normal"}}
        result = _run(home, operation, params)
        output = result.outputs["vectors"]
        assert abs(float(output[:, 0].mean())) < 6 / np.sqrt(count)
    else:
        result = _run(home, operation, transform(1)[0], points=made_points(count))
        output = result.outputs["points"]
        check_transformed(output, count, 1)
    digest = hashlib.blake2b(output).hexdigest()
    first = _digests.setdefault(f"{operation} {count}", digest)
    assert digest == first, "other bytes than from the first server"
    return result.timings["computeMs"]


FUNCTIONS = {
    "transform_points": transform_points,
    "transform_by_script": transform_by_script,
    "metaball_field": metaball_field,
    "compute_time": compute_time,
}
