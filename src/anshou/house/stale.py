"""What a killed PostgreSQL leaves behind: a pid file that names a dead process, and for a moment its children.

PostgreSQL checks this itself, except in the cases handled here: the killed postmaster is a zombie because the first
process of the container reaps nobody, or its number was given to another process since.
"""

import signal
import time
from pathlib import Path

import psutil

# A postmaster that got SIGKILL has children that notice when they next wait for something.
PATIENCE_SECONDS = 30.0


def clear(data: Path) -> None:
    """Make sure that no server works on the directory, and remove a pid file that would stop the next one.

    A server that still runs (its starter was killed) is shut down: it is not our child, so we could not watch it.
    """
    file = data / "postmaster.pid"
    if (postmaster := _postmaster(file, data)) is not None:
        _end(postmaster)
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := _servers_in(data)) and time.monotonic() < until:
        time.sleep(0.1)
    for process in left:
        _kill(process)
    # Only now is it safe: the file is what keeps two postmasters from one directory.
    file.unlink(missing_ok=True)


def _postmaster(file: Path, data: Path) -> psutil.Process | None:
    """The living server that the pid file names, if it is one and works on this directory."""
    try:
        process = psutil.Process(int(file.read_text().split("\n", 1)[0]))
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if _serves(process, data) else None


def _servers_in(data: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _serves(process, data)]


def _serves(process: psutil.Process, data: Path) -> bool:
    """Whether this is a PostgreSQL process, and alive, on this directory; all of them work in it as their own."""
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()).resolve() == data.resolve()
        )
    except (psutil.Error, OSError):
        return False


def _end(postmaster: psutil.Process) -> None:
    try:
        postmaster.send_signal(signal.SIGINT)
        postmaster.wait(PATIENCE_SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        _kill(postmaster)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(5)
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        return
