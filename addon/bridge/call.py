"""One blocking call, for scripts: find a server, run an operation, return the arrays."""

import time
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .client import Client
from .discovery import ServerAddress, find_servers
from .endpoint import parse_endpoint
from .errors import OutboardError
from .fit_inputs import fit_inputs
from .request import Job, JobResult
from .state import State
from .version import VERSION

CONNECT_WITHIN = 15.0
CATALOGUE_WITHIN = 15.0
CANCEL_WITHIN = 2.0


def run(
    operation: str,
    params: dict[str, Any] | None = None,
    inputs: dict[str, ArrayLike] | None = None,
    *,
    timeout: float | None = None,
    address: str | None = None,
    token: str | None = None,
    **arrays: ArrayLike,
) -> JobResult:
    """Run an operation on a server and wait for its result.

    For `blender -b` scripts and plain Python; in Blender's window it would stop the interface.

    Parameters
    ----------
    operation : str
        The operation's name in the catalogue.
    params : dict, optional
        Its parameters; the server fills in defaults.
    inputs : dict of str to array_like, optional
        Its input arrays, or lists; converted to the element type that it takes where that loses
        nothing. `**arrays` does the same in fewer words.
    timeout : float, optional
        Seconds after which the job is cancelled; no limit by default.
    address, token : str, optional
        A server on another machine; by default the one found on this machine.

    Returns
    -------
    JobResult

    Raises
    ------
    OutboardError
        When there is no server, or the job failed.

    Examples
    --------
    >>> result = run("transform_points", {"translation": [1, 2, 3]}, points=[[0, 0, 0]])
    >>> result.outputs["points"]
    """

    def find() -> list[ServerAddress]:
        return find_servers() if address is None else [_typed(address, token)]

    client = Client(find, client_version=VERSION, client_name="Python script")
    try:
        client.connect()
        _await_connection(client)
        given = {**(inputs or {}), **arrays}
        if given:
            given = _fitted(client, operation, params or {}, given)
        job = client.run(operation, params, given)
        _await_job(client, job, timeout)
    finally:
        client.close_now()
    if job.error is not None:
        raise job.error
    return job.result


def _await_connection(client: Client) -> None:
    end = time.monotonic() + CONNECT_WITHIN
    while client.state is not State.CONNECTED:
        client.pump()
        if client.state in (State.WAITING, State.REFUSED) or time.monotonic() > end:
            raise OutboardError("CONNECTION_LOST", client.line)
        if client.state is State.SEARCHING:
            raise OutboardError("CONNECTION_LOST", client.line)
        client.sleep(0.01)


def _fitted(
    client: Client, operation: str, params: dict[str, Any], given: dict[str, ArrayLike]
) -> dict[str, np.ndarray]:
    """Convert the inputs to what the server's catalogue says of the operation."""
    listed = client.request("operations.list")
    client.wait(listed, CATALOGUE_WITHIN)
    if listed.error is not None:
        raise listed.error
    entries = listed.result["operations"] if listed.done else ()
    entry = next((it for it in entries if it["name"] == operation), None)
    # Without it the server refuses the request, whatever the inputs are.
    return {} if entry is None else fit_inputs(entry, params, given)


def _await_job(client: Client, job: Job, timeout: float | None) -> None:
    end = None if timeout is None else time.monotonic() + timeout
    while not client.wait(job, 3600.0 if end is None else max(end - time.monotonic(), 0.0)):
        if end is not None and time.monotonic() >= end:
            job.cancel()
            client.wait(job, CANCEL_WITHIN)
            raise OutboardError("TIMEOUT", f"{job.operation} took longer than {timeout:g} seconds")


def _typed(address: str, token: str | None) -> ServerAddress:
    """Complete a typed address by the token that a server of this machine left for it."""
    if token is None:
        for server in find_servers():
            try:
                if parse_endpoint(server.url) == parse_endpoint(address):
                    return server
            except ValueError:
                continue
    return ServerAddress(address, token or "")
