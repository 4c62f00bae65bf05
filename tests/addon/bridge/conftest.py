"""A server that does what the test says."""

from collections.abc import Callable, Iterator

import pytest
from fake_answers import Ends
from fake_server import Clock, FakePeer, FakeServer

from outboard.bridge import Client


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server that is listening."""
    server = FakeServer()
    yield server
    server.stop()


@pytest.fixture
def client(server: FakeServer, clock: Clock, make_client: Callable[..., Client]) -> Client:
    """A client that knows the fake server and has been told to connect."""
    client = make_client(server.find, clock=clock)
    client.connect()
    return client


@pytest.fixture
def peer(server: FakeServer, client: Client) -> FakePeer:
    """The fake server's end of a connection that stands."""
    return server.welcome(client)


@pytest.fixture
def ends() -> Ends:
    """Notes how a request ends."""
    return Ends()
