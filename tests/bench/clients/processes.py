"""What Linux says of processes. Deno reads /proc only if it may do everything; Python does."""

import os
from pathlib import Path

from answer_requests import answer_requests

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name, which may hold spaces: state, parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def family(pid: int) -> list[int]:
    """A process and all that it started, parents first."""
    children = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(path.name))[1]) == pid:
                children.append(int(path.name))
        except OSError:
            continue  # It has ended meanwhile.
    return [pid, *(one for child in children for one in family(child))]


def cpu_seconds(pids: list[int]) -> float:
    """Processor time that processes have used."""
    return sum(int(ticks) for pid in pids for ticks in _stat(pid)[11:13]) / TICKS_PER_SECOND


def _status_mib(pid: int, key: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 1024
    raise KeyError(key)


def resident_mib(pid: int) -> float:
    """Memory in use now."""
    return _status_mib(pid, "VmRSS")


def peak_mib(pid: int) -> float:
    """The most memory in use since `forget_peak`."""
    return _status_mib(pid, "VmHWM")


def forget_peak(pid: int) -> None:
    """Let the peak be what is in use now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


answer_requests(
    {it.__name__: it for it in (family, cpu_seconds, resident_mib, peak_mib, forget_peak)}
)
