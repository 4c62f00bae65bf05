"""Many small calls through `websockets`' own client, to our server and to the demo's."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from made_points import check_transformed, made_points, transform
from websockets.sync.client import ClientConnection, connect

# As references/demo_server.py.
DEMO_SEED = 20261122

_WORD = np.uint64(0xFFFFFFFF)
_seeds = itertools.count(1)


@cache
def connection(url: str) -> ClientConnection:
    """Connect, once per address."""
    return connect(url, compression=None, max_size=None, proxy=None)


def philox_vectors(seeds: np.ndarray) -> np.ndarray:
    """The first uniform vector of each seed below 2^32, as the operation documents it."""
    zero = np.zeros(len(seeds), np.uint64)
    x, key = [zero, zero, zero, zero], [seeds.astype(np.uint64), zero]
    half = np.uint64(32)
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        x = [(b >> half) ^ x[1] ^ key[0], b & _WORD, (a >> half) ^ x[3] ^ key[1], a & _WORD]
        steps = (0x9E3779B9, 0xBB67AE85)
        key = [(k + np.uint64(step)) & _WORD for k, step in zip(key, steps, strict=True)]
    below_one = np.nextafter(np.float32(1), np.float32(0))
    return np.minimum((np.stack(x[:3], axis=1) / 2.0**32).astype(np.float32), below_one)


class OurJobs:
    """`random_vectors` of one vector, in plain JSON as a client without hello gets it."""

    def __init__(self, url: str) -> None:
        self.socket = connection(url)
        self.seeds: list[int] = []

    def requests(self, count: int) -> Iterator[str]:
        for number in range(count):
            self.seeds.append(next(_seeds))
            job = {"operation": "random_vectors", "params": {"count": 1, "seed": self.seeds[-1]}}
            message = {"jsonrpc": "2.0", "id": number, "method": "jobs.run", "params": job}
            yield json.dumps(message)

    def check(self, answers: dict[int, dict]) -> None:
        vectors = [answers[it]["result"]["outputs"]["vectors"][0] for it in range(len(self.seeds))]
        expected = philox_vectors(np.array(self.seeds))
        np.testing.assert_array_equal(np.array(vectors, np.float32), expected)


class DemoJobs:
    """One random vector from the demo's server."""

    def __init__(self, url: str) -> None:
        self.socket = connection(url)
        self.random = _demo_numbers(url)
        self.count = 0

    def requests(self, count: int) -> Iterator[str]:
        self.count = count
        for number in range(count):
            yield json.dumps({"id": number, "do": "random_vector"})

    def check(self, answers: dict[int, dict]) -> None:
        vectors = [answers[it]["result"] for it in range(self.count)]
        np.testing.assert_array_equal(vectors, self.random.random((self.count, 3)))


@cache
def _demo_numbers(url: str) -> np.random.Generator:
    return np.random.default_rng(DEMO_SEED)


class Pings:
    """`server.ping`, which the server's main thread answers itself."""

    def __init__(self, url: str) -> None:
        self.socket = connection(url)
        self.count = 0

    def requests(self, count: int) -> Iterator[str]:
        self.count = count
        for number in range(count):
            yield json.dumps({"jsonrpc": "2.0", "id": number, "method": "server.ping"})

    def check(self, answers: dict[int, dict]) -> None:
        assert all(answers[it]["result"]["threads"] > 0 for it in range(self.count))


class Echoes(Pings):
    """The same requests to a bare server, which sends them back as they are."""

    def check(self, answers: dict[int, dict]) -> None:
        assert all(answers[it]["method"] == "server.ping" for it in range(self.count))


KINDS: dict[str, Callable] = {
    "outboard": OurJobs,
    "demo": DemoJobs,
    "ping": Pings,
    "echo": Echoes,
}


def one_by_one(kind: str, url: str, count: int) -> dict[str, float]:
    """Call `count` times, one at a time, and tell the percentiles of the times in microseconds."""
    jobs = KINDS[kind](url)
    send, receive, clock = jobs.socket.send, jobs.socket.recv, time.perf_counter_ns
    times, answers = [], {}
    for request in jobs.requests(count):
        begun = clock()
        send(request)
        answer = json.loads(receive())
        times.append(clock() - begun)
        answers[answer["id"]] = answer
    jobs.check(answers)
    p50, p99 = np.percentile(times, [50, 99]) / 1000
    return {"p50": p50, "p99": p99, "tail": p99 / p50}


def per_second(kind: str, url: str, count: int, depth: int) -> float:
    """Keep `depth` calls under way until `count` are answered; calls per second."""
    jobs = KINDS[kind](url)
    send, receive = jobs.socket.send, jobs.socket.recv
    requests = jobs.requests(count)
    answers = {}
    begun = time.perf_counter()
    for request in itertools.islice(requests, depth):
        send(request)
    while len(answers) < count:
        answer = json.loads(receive())
        answers[answer["id"]] = answer
        for request in itertools.islice(requests, 1):
            send(request)
    seconds = time.perf_counter() - begun
    jobs.check(answers)
    return count / seconds


def demo_points(url: str, count: int) -> float:
    """Have points transformed by the demo's server, as JSON; milliseconds."""
    socket, points = connection(url), made_points(count)
    _, matrix, translation = transform(1)
    begun = time.perf_counter()
    request = {"id": 0, "do": "transform_points", "points": points.tolist()}
    request |= {"matrix": matrix.tolist(), "translation": translation.tolist()}
    socket.send(json.dumps(request))
    result = np.array(json.loads(socket.recv())["result"], np.float32)
    ms = (time.perf_counter() - begun) * 1000
    check_transformed(result, count, 1)
    return ms


FUNCTIONS = {"one_by_one": one_by_one, "per_second": per_second, "demo_points": demo_points}
