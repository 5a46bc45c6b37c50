"""The environment, read once into one frozen object.

Every variable stands in `anshou.variables` with its default, its meaning and what is accepted; `docs/settings.md` is
written from the same table (`anshou settings --markdown`). A wrong or misspelt variable is refused at start, all of
them in one message, never with the value of a variable that may hold a secret.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anshou.variables import VARIABLES

# Names that begin like ours but steer the tests or the benches, not the product.
NOT_SETTINGS = ("ANSHOU_TEST_", "ANSHOU_BENCH_")


class SettingsInvalid(Exception):
    """Raised when the environment cannot be used; `problems` names each variable and what was expected."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the process was told. Paths are absolute; an empty URL means the built-in, embedded part."""

    data_dir: Path
    database_url: str
    host: str
    port: int
    base_url: str
    web_workers: int
    trusted_proxies: tuple[str, ...]
    worker_threads: int
    database_connections: int
    database_tolerate: tuple[str, ...]
    secret_file: Path
    kms_url: str
    kms_protection: str
    kms_passphrase_file: Path | None
    kms_token_file: Path | None
    smtp_url: str
    mail_from: str
    storage_url: str
    checkpoint_dir: Path
    checkpoint_mail: tuple[str, ...]
    erasures_url: str
    broker_url: str
    upload_limit: int
    webhooks_to_private: bool
    robot_hosts: tuple[str, ...]
    mailbox_hosts: tuple[str, ...]
    api_rate: int
    demo: bool
    log_level: str

    @property
    def embedded_database(self) -> bool:
        """Whether the PostgreSQL in the data directory is used, which `anshou run` starts and stops."""
        return not self.database_url


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this process.

    Raises SettingsInvalid with every problem found, so that one restart mends them all.
    """
    problems = [*_unknown_names(environ)]
    read: dict[str, Any] = {}
    for variable in VARIABLES:
        given = environ.get(variable.name, variable.default).strip()
        try:
            read[variable.field] = variable.read(given)
        except ValueError:
            told = "" if variable.secret else f", got {given!r}"
            problems.append(f"{variable.name}: expected {variable.expected}{told}")
    if problems:
        raise SettingsInvalid(tuple(problems))
    data_dir: Path = read["data_dir"]
    host = f"[{read['host']}]" if ":" in read["host"] else read["host"]
    read["base_url"] = read["base_url"].rstrip("/") or f"http://{host}:{read['port']}"
    read["secret_file"] = read["secret_file"] or data_dir / "secret"
    read["checkpoint_dir"] = read["checkpoint_dir"] or data_dir / "checkpoints"
    read["storage_url"] = read["storage_url"] or (data_dir / "objects").as_uri()
    read["kms_url"] = read["kms_url"] or (data_dir / "keys").as_uri()
    read["erasures_url"] = read["erasures_url"] or (data_dir / "erasures").as_uri()
    return Settings(**read)


def _unknown_names(environ: Mapping[str, str]) -> list[str]:
    known = [variable.name for variable in VARIABLES]
    problems = []
    for name in sorted(environ):
        if not name.startswith("ANSHOU_") or name in known or name.startswith(NOT_SETTINGS):
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        advice = f"did you mean {near[0]}?" if near else "docs/settings.md lists those there are"
        problems.append(f"{name}: no such setting; {advice}")
    return problems
