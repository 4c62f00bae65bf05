"""The way to a server: sockets, frames and requests; no Blender, no threads, no waiting."""

from .call import run
from .client import Client, State
from .discovery import ServerAddress, find_servers, state_folder
from .errors import ERRORS, ErrorKind, OutboardError
from .request import Job, JobResult, Request

__all__ = [
    "ERRORS",
    "Client",
    "ErrorKind",
    "Job",
    "JobResult",
    "OutboardError",
    "Request",
    "ServerAddress",
    "State",
    "find_servers",
    "run",
    "state_folder",
]
