"""Files that hold keys: written whole or not at all, closed to others, and gone for good when they are destroyed."""

import os
from pathlib import Path


def write_new(file: Path, content: bytes) -> bool:
    """Write a file that must not exist yet, on disk when this returns; False if somebody else was first."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_directory(file.parent)
    return True


def replace(file: Path, content: bytes) -> None:
    """Put new content in the file's place; whoever reads sees the old or the new, never a part."""
    _draft(file, content).replace(file)
    sync_directory(file.parent)


def append_line(file: Path, line: str) -> None:
    """Add a line, on disk when this returns. Short enough that two processes at once do not mix theirs."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(opened, f"{line}\n".encode("ascii"))
        os.fsync(opened)
    finally:
        os.close(opened)
    sync_directory(file.parent)


def shred(file: Path) -> None:
    """Overwrite the file's bytes in place, then take it away. Does nothing if it is gone.

    Flash memory and copying file systems may keep the old bytes all the same: docs/operating.md says what to do there.
    """
    try:
        opened = os.open(file, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(opened, os.urandom(os.fstat(opened).st_size))
        os.fsync(opened)
    finally:
        os.close(opened)
    file.unlink(missing_ok=True)
    sync_directory(file.parent)


def sync_directory(directory: Path) -> None:
    """Have the directory's entries on disk."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}-{os.urandom(4).hex()}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(opened, content)
        os.fsync(opened)
    finally:
        os.close(opened)
    return draft
