"""Checkpoints outside the database: whoever holds one notices when the record is rewritten behind it.

One file per tenant and month, appended to and never changed; whoever runs the house points the directory at storage
that the database's administrators cannot change, or copies it there.
"""

import fcntl
import os
from pathlib import Path
from uuid import UUID

from confidentiality.audit.checkpoints import Checkpoint, split_notes

SUFFIX = ".checkpoints"


class CheckpointFiles:
    """A directory of published checkpoints."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def last(self, tenant: UUID) -> str | None:
        """The note published last for the tenant, or None. Blocks."""
        for file in reversed(self._files(tenant)):
            *_, last = [None, *split_notes(file.read_text("utf-8"))]
            if last is not None:
                return last
        return None

    def notes(self, tenant: UUID) -> list[str]:
        """Every note published for the tenant, in the order of publishing. Blocks."""
        return [note for file in self._files(tenant) for note in split_notes(file.read_text("utf-8"))]

    def append(self, checkpoint: Checkpoint) -> None:
        """Publish a checkpoint; it is on the disk when this returns. Blocks."""
        folder = self._directory / str(checkpoint.tenant)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{checkpoint.at:%Y-%m}{SUFFIX}"
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            # Several workers of one machine may publish; a note must not begin within another one.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, f"{checkpoint.note}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _files(self, tenant: UUID) -> list[Path]:
        return sorted((self._directory / str(tenant)).glob(f"*{SUFFIX}"))
