"""Whether the server keeps to itself what passes through it: its log and the way there.

Neither bind values nor rows nor messages that quote a value may come into PostgreSQL's log, which is read by others
than the database and kept for longer. `docs/operating.md` says what to set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

import asyncpg

from tenants.addresses import DatabaseAddress

# Setting -> the values that keep quiet, the first of which we advise. Those of an extension matter once it is loaded.
QUIET: Mapping[str, tuple[str, ...]] = {
    # Bind values beside a logged statement: log_statement, log_min_duration_statement and the two that sample. Only
    # superusers may change those, at any moment and without a restart, so that they are off today excuses nothing.
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    # DETAIL quotes the whole row that broke a constraint, and the value that was there twice.
    "log_error_verbosity": ("terse",),
    # The message itself quotes what a cast refused. LOG stands above ERROR here, for the server's log.
    "log_min_messages": ("log", "fatal", "panic"),
    "log_min_error_statement": ("panic", "fatal"),
    # Trees of a plan hold bind values as constants.
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
    # A plan's conditions show bind values even where auto_explain.log_parameter_max_length is 0.
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log_parameter": ("off",),
}

ENCRYPTED = ("verify-full", "verify-ca", "require")


class DatabaseTalks(Exception):
    """Raised when the database would tell others what is confidential; `problems` says what to change."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Talking:
    """A setting with a value that would put content into the server's log; `role` where only that login has it."""

    name: str
    found: str
    role: str = ""

    def __str__(self) -> str:
        whose = f" for the login {self.role}" if self.role else ""
        return f"PostgreSQL: {self.name} is {self.found}{whose}, expected {' or '.join(QUIET[self.name])}"


async def talking_settings(connection: asyncpg.Connection) -> list[Talking]:
    """The settings that would leak, of this connection and, where they differ, of other logins of this database."""
    rows = await connection.fetch(
        "SELECT name, current_setting(name, true) AS found, '' AS role FROM unnest($1::text[]) AS name "
        "UNION ALL SELECT split_part(one, '=', 1), substr(one, strpos(one, '=') + 1), setrole::regrole::text "
        "FROM pg_db_role_setting, unnest(setconfig) AS one "
        "WHERE setrole <> 0 AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) "
        "AND split_part(one, '=', 1) = ANY($1)",
        list(QUIET),
    )
    return [
        Talking(row["name"], row["found"], row["role"])
        for row in rows
        # An extension that is not loaded has no settings.
        if row["found"] is not None and row["found"] not in QUIET[row["name"]]
    ]


def travels_openly(address: DatabaseAddress) -> bool:
    """Whether what is sent to the server may pass over a network unencrypted.

    `prefer`, the driver's default, falls back to plain text when somebody on the way asks it to.
    """
    return not _is_here(str(address.arguments.get("host") or "")) and address.arguments.get("ssl") not in ENCRYPTED


def _is_here(host: str) -> bool:
    """A Unix socket, or this machine."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
