"""The way to a server: sockets, frames and requests; no Blender, no threads, no waiting."""

from .call import run
from .client import Client
from .discovery import ServerAddress, find_servers, state_folder
from .errors import ERRORS, ErrorKind, OutboardError
from .request import Job, JobResult, Request
from .state import State

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
