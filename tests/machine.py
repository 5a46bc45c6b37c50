"""What the suites need of the machine beyond Python, and what happens where it is missing.

`python -m tests.machine` (part of `make test`) installs it from Debian's packages where it may, and otherwise says
which suites are left out and why. Under `ANSHOU_TEST_STRICT=1` leaving out is a failure, here and in the suites.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

STRICT = os.environ.get("ANSHOU_TEST_STRICT") == "1"
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True, slots=True)
class Need:
    """A program from outside: where it may be, which packages bring it, which suites are lost without it."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    suites: str

    def program(self) -> Path | None:
        """Where it is, or None. Also in places that are not on everybody's PATH."""
        for candidate in self.programs:
            if found := shutil.which(candidate):
                return Path(found)
        return None


BROWSER = Need(
    "chromium",
    ("chromium", "chromium-browser"),
    # Without the second one Chinese pages are rows of boxes, and every measured width is wrong.
    ("chromium", "fonts-noto-cjk"),
    "pages and journeys in a browser",
)
BROKER = Need(
    "rabbitmq-server",
    ("rabbitmq-server", "/usr/sbin/rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server"),
    ("rabbitmq-server",),
    "the worker on RabbitMQ",
)
MAILBOXES = Need(
    "dovecot",
    ("dovecot", "/usr/sbin/dovecot"),
    ("dovecot-imapd",),
    "replies by mail from an IMAP server",
)
# Comes with the Python packages, where there is a wheel of it.
HELM = Need("helm", (str(Path(sys.executable).parent / "helm"), "helm"), (), "the Helm chart")
NEEDS = (BROWSER, BROKER, MAILBOXES, HELM)


def require(need: Need) -> Path:
    """The program, for a suite; without it the suite is skipped, or fails where leaving out is not allowed."""
    if found := need.program():
        return found
    reason = f"{need.name} is not on this machine: {need.suites} left out"
    if STRICT:
        pytest.fail(reason)
    pytest.skip(reason)


def main() -> int:
    """Install what is missing, where that is possible; 1 where it is not and leaving out is not allowed."""
    if not _missing():
        return 0
    obstacle = _install()
    lost = _missing()
    for need in lost:
        _tell(f"left out: {need.suites}, because {need.name} is not on this machine")
    if lost:
        _tell(f"{obstacle}; the packages are {' '.join(package for need in lost for package in need.packages)}")
    return 1 if lost and STRICT else 0


def _missing() -> list[Need]:
    return [need for need in NEEDS if need.program() is None]


def _install() -> str:
    """Why it could not be done, or an empty text."""
    if not (Path("/etc/debian_version").exists() and shutil.which("apt-get")):
        return "this is no Debian, where they could be installed"
    if os.geteuid() != 0:
        return "only root may install packages"
    packages = [package for need in _missing() for package in need.packages]
    if not packages:
        return "no package brings it"
    _tell(f"installing {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--quiet", "--yes", "-o", "DPkg::Lock::Timeout=300"]
    with _no_services_started():
        for words in (["update"], ["install", "--no-install-recommends", *packages]):
            done = subprocess.run([*apt, *words], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
            if done.returncode != 0:
                return f"apt-get {words[0]} failed"
    if BROKER.packages[0] in packages and Path("/run/systemd/system").is_dir():
        # The tests start a node of their own; the package's would come up at the next boot.
        subprocess.run(["systemctl", "disable", "--quiet", BROKER.packages[0]], check=False)
    return ""


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Debian asks this file before a package starts its service; 101 means that it may not."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _tell(text: str) -> None:
    sys.stderr.write(f"make test: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
