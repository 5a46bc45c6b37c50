"""A real `anshou run` on a directory and a port of its own, for the tests to hurt."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE_SECONDS = 90.0


class RunningHouse:
    """The supervisor as a child of the test, what it has said, and its parts."""

    def __init__(self, data_dir: Path, port: int, **environment: str) -> None:
        self.port = port
        # Seconds until something is waited for in vain.
        self.patience = PATIENCE_SECONDS
        self.said: list[str] = []
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anshou.cli", "run"],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("ANSHOU_")},
                "ANSHOU_DATA_DIR": str(data_dir),
                "ANSHOU_PORT": str(port),
                "ANSHOU_DEMO": "no",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Ctrl-C in a terminal reaches the whole group; the tests send it to the supervisor alone or to the group.
            start_new_session=True,
        )
        self._family: dict[int, psutil.Process] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    def wait_for(self, beginning: str, *, times: int = 1) -> float:
        """Seconds since the start until so many lines with that beginning were said."""
        self.until(lambda: sum(line.startswith(beginning) for line in self.said) >= times, beginning)
        return time.monotonic() - self.began

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds; fails with everything that was said."""
        until = time.monotonic() + self.patience
        while not holds():
            if self.process.poll() is not None and not holds():
                raise AssertionError(f"ended with {self.process.returncode} before {what!r}:\n" + "\n".join(self.said))
            if time.monotonic() > until:
                raise AssertionError(f"waited in vain for {what!r}:\n" + "\n".join(self.said))
            time.sleep(0.02)

    def part(self, name: str) -> psutil.Process:
        """The process of a part: database, web or worker."""
        for child in psutil.Process(self.process.pid).children():
            words = child.cmdline()
            if (name == "database" and words[:1] and words[0].endswith("/postgres")) or words[3:4] == [name]:
                return child
        raise AssertionError(f"no {name} runs")

    def work(self) -> float:
        """CPU seconds that it and its children have spent, those that have ended included."""
        supervisor = psutil.Process(self.process.pid)
        own = supervisor.cpu_times()
        living = [child.cpu_times() for child in supervisor.children(recursive=True)]
        return sum(each.user + each.system for each in (own, *living)) + own.children_user + own.children_system

    def remember_family(self) -> None:
        """Note all processes that belong to it now, to ask later what is left of them."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self._family |= {child.pid: child for child in children}

    def left(self) -> list[psutil.Process]:
        """Those of the family that still live."""
        return [each for each in self._family.values() if _lives(each)]

    def status(self, path: str = "/health/live") -> int:
        """The status with which the web server answers; waits for it."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code

    def stop(self, told: signal.Signals = signal.SIGINT) -> float:
        """Seconds from the signal to the end."""
        self.remember_family()
        began = time.monotonic()
        self.process.send_signal(told)
        self.process.wait(30)
        seconds = time.monotonic() - began
        self.stop_listening()
        return seconds

    def stop_listening(self) -> None:
        """Wait until everything that it said before it ended has arrived."""
        self._listener.join(5)

    def clean_up(self) -> None:
        """End whatever is left, also where the test has failed."""
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)
        assert self.process.stdout is not None
        self.process.stdout.close()
        for each in self.left():
            each.kill()


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
