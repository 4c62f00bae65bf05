"""Shared by all tests of the extension: the package under test, and a real server to talk to."""

import importlib.util
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "addon"

READY_WITHIN = 90.0
STOPPED_WITHIN = 5.0


def _import_addon() -> None:
    """Import addon/ as the package `outboard`, whatever folder it lies in."""
    if "outboard" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "outboard", ADDON / "__init__.py", submodule_search_locations=[str(ADDON)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["outboard"] = module
    spec.loader.exec_module(module)


_import_addon()

from outboard.bridge import Client, ServerAddress, State, find_servers  # noqa: E402

_exit_status: list[int] = []


def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how the run went."""
    _exit_status.append(int(exitstatus))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure() -> Iterator[None]:
    """End without the clean-up of Blender, which as a module may hang; all tests import it."""
    try:
        return (yield)
    except Exception:  # noqa: BLE001 - whatever it is, it is shown and the run has failed
        traceback.print_exc()
        _exit_status.append(1)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if _exit_status:
            os._exit(max(_exit_status))


class ServerProcess:
    """A real server with a state folder of its own.

    Attributes
    ----------
    home : Path
        Its OUTBOARD_HOME; `find` looks there.
    url, token, version : str
    pid : int
        The pid that the ready line names.
    process : subprocess.Popen
        The parent process, main.ts.
    lines : list of str
        What it printed on stdout and stderr so far.
    """

    def __init__(self, deno: str, home: Path, flags: list[str]) -> None:
        self.home = home
        permissions = ["--allow-run", "--allow-read", "--allow-write", "--allow-env"]
        command = [deno, "run", "--no-prompt", "--quiet", *permissions, "main.ts"]
        self.process = subprocess.Popen(
            [*command, "--json", "--port", "0", "--threads", "2", *flags],
            cwd=ROOT,
            env={**os.environ, "OUTBOARD_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, so that nothing of it outlives the test.
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._ready: queue.Queue[dict] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            ready = self._ready.get(timeout=READY_WITHIN)
        except queue.Empty:
            ready = {}
        if ready.get("event") != "ready":
            self.kill()
            pytest.fail("the server did not start; it said:\n" + "\n".join(self.lines[-40:]))
        self.url: str = ready["url"]
        self.token: str = ready["token"]
        self.pid: int = ready["pid"]
        self.version: str = ready["version"]

    @property
    def address(self) -> ServerAddress:
        """What its discovery file should say."""
        return ServerAddress(self.url, self.token, self.pid, self.version)

    def find(self) -> list[ServerAddress]:
        """Find it as an extension does, through its discovery file."""
        return find_servers(self.home)

    def stop(self) -> int:
        """Stop it politely and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPPED_WITHIN)

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOPPED_WITHIN)
        self._reader.join(STOPPED_WITHIN)
        self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if '"ready"' in line:
                self._ready.put(_as_json(line))
        self._ready.put({})


def _as_json(line: str) -> dict:
    try:
        return json.loads(line)
    except ValueError:
        return {}


def _deno() -> str:
    deno = os.environ.get("OUTBOARD_DENO") or os.environ.get("DENO") or shutil.which("deno")
    if not deno:
        reason = "no Deno: put it on PATH or name it in OUTBOARD_DENO"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return deno


@pytest.fixture(scope="session")
def outboard_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One real server for the whole run; tests that harm it take `start_server`."""
    server = ServerProcess(_deno(), tmp_path_factory.mktemp("server"), [])
    yield server
    server.kill()


@pytest.fixture(scope="session")
def socket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One more real server, which takes arrays by the socket only."""
    server = ServerProcess(_deno(), tmp_path_factory.mktemp("socket"), ["--no-lane"])
    yield server
    server.kill()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Start servers that a test may stop or kill; `start_server(*flags, home=folder)`."""
    started: list[ServerProcess] = []

    def start(*flags: str, home: Path | None = None) -> ServerProcess:
        started.append(ServerProcess(_deno(), home or tmp_path / "server", list(flags)))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def make_client() -> Iterator[Callable[..., Client]]:
    """Make clients that are closed when the test ends."""
    clients: list[Client] = []

    def make(find: Callable[[], list[ServerAddress]], **options: object) -> Client:
        clients.append(Client(find, **{"client_version": "0.1.0", **options}))
        return clients[-1]

    yield make
    for client in clients:
        client.close_now()


def _connect(server: ServerProcess, make_client: Callable[..., Client]) -> Client:
    client = make_client(server.find)
    client.connect()
    pump_until(client, lambda: client.state is State.CONNECTED)
    return client


@pytest.fixture
def connected(outboard_server: ServerProcess, make_client: Callable[..., Client]) -> Client:
    """A client that is connected to the real server."""
    return _connect(outboard_server, make_client)


@pytest.fixture
def connected_by_socket(socket_server: ServerProcess, make_client: Callable[..., Client]) -> Client:
    """A client whose arrays go by the socket."""
    return _connect(socket_server, make_client)


@pytest.fixture(params=["shared files", "the socket"])
def connected_either_way(request: pytest.FixtureRequest) -> Client:
    """Both, one after the other."""
    by_files = request.param == "shared files"
    client = request.getfixturevalue("connected" if by_files else "connected_by_socket")
    assert client.line.endswith(f"arrays by {request.param}")
    return client


def pump_until(client: Client, condition: Callable[[], bool], timeout: float = 20.0) -> None:
    """Pump a client by hand until something is so, or fail with what the client says."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"not within {timeout} s; the client is {client.state}: {client.line}")
        if not client.pump():
            client.sleep(0.01)


@pytest.fixture(name="pump_until")
def pump_until_fixture() -> Callable[..., None]:
    """Hand `pump_until` to tests, which cannot import this file."""
    return pump_until
