"""The root secret, from which the process derives what it signs with."""

import os
import re
import secrets
import stat

from anshou.settings import Settings, SettingsInvalid

_BYTES = 32


def root_secret(settings: Settings) -> bytes:
    """The 32 bytes of the secret file; made at the first start where the database is embedded.

    Raises SettingsInvalid when the file is missing beside an existing database, is not one, or is open to others.
    """
    file = settings.secret_file
    try:
        status = file.stat()
        text = file.read_text("ascii").strip()
    except FileNotFoundError:
        if not settings.embedded_database:
            raise _refused(f"{file} does not exist; make one with `openssl rand -hex {_BYTES}`, mode 0600") from None
        return _made(settings)
    except (OSError, UnicodeDecodeError):
        raise _refused(f"{file} cannot be read") from None
    # A group may read it: that is how Kubernetes hands a secret to a process that is not root.
    if stat.S_IMODE(status.st_mode) & (stat.S_IWGRP | stat.S_IRWXO):
        raise _refused(f"{file} is open to others; take that away with `chmod 600 {file}`")
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * _BYTES}}}", text):
        raise _refused(f"{file} does not hold {_BYTES} bytes in hexadecimal")
    return bytes.fromhex(text)


def _made(settings: Settings) -> bytes:
    file = settings.secret_file
    file.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes(_BYTES)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as output:
        output.write(made.hex() + "\n")
        output.flush()
        os.fsync(output.fileno())
    try:
        # Whole or not at all, and of two processes at their first start one makes it and the other reads it.
        os.link(draft, file)
    except FileExistsError:
        return root_secret(settings)
    finally:
        draft.unlink()
    return made


def _refused(problem: str) -> SettingsInvalid:
    return SettingsInvalid((f"ANSHOU_SECRET_FILE: {problem}",))
