"""Running PostgreSQL when we are root: it refuses to, so it gets an account of its own.

`postgres` where the system has such an account, else `nobody`, which every Linux has; nothing is added to the system. A
data directory that already belongs to an account keeps it.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

ACCOUNTS = ("postgres", "nobody")


class NoAccount(Exception):
    """Raised when we are root and the system has no account under which PostgreSQL could run."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system that is not root."""

    name: str
    uid: int
    gid: int


def account_for(directory: Path) -> Account | None:
    """Under whom PostgreSQL runs on this directory; None when we are not root and so run it as ourselves."""
    if os.geteuid() != 0:
        return None
    if directory.exists() and (owner := directory.stat().st_uid) != 0:
        # A directory from another machine may belong to nobody here; PostgreSQL itself needs no entry.
        return Account(_name_of(owner), owner, directory.stat().st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise NoAccount(f"PostgreSQL does not run as root and there is no account named {' or '.join(ACCOUNTS)}")


def own_name() -> str:
    """The name of the account we run under."""
    return _name_of(os.geteuid())


def let_through(path: Path, account: Account) -> list[Path]:
    """Let the account pass through the directories above `path`; the ones changed are answered, for the person to see.

    Passing through is all that is granted (`o+x`): the directories still cannot be listed, and what is private in them
    stays private.
    """
    changed = []
    for parent in reversed(path.absolute().parents):
        if not _may_pass(parent, account):
            parent.chmod(stat.S_IMODE(parent.stat().st_mode) | stat.S_IXOTH)
            changed.append(parent)
    return changed


def let_read(directory: Path) -> None:
    """Let everybody read a directory of programs, as an installation under a strict umask does not."""
    for path in (directory, *directory.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _may_pass(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
