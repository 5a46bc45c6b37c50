"""RabbitMQ from the system's package, as a child process on the loopback address with its own data and ports."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pika

from anshou.worker.broker import QUEUES
from tests.machine import BROKER, require
from tests.ports import free_port

# The script itself: what Debian puts on the path changes to another user, who may not read our directory.
SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class Rabbit:
    """A server that can be stopped, started again, and robbed of everything it kept."""

    def __init__(self, script: Path, folder: Path) -> None:
        self._script = script
        self._folder = folder
        self._port, self._distribution_port, self._epmd_port = (free_port() for _ in range(3))
        self._process: subprocess.Popen[bytes] | None = None
        self._name_server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where workers find it."""
        return f"amqp://guest:guest@127.0.0.1:{self._port}/%2F"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self._port}\n")
        (self._folder / "plugins").write_text("[].")
        with (self._folder / "output").open("wb") as output:
            # As our child: left to itself the node starts one as a daemon, which nobody ends.
            self._name_server = subprocess.Popen(
                [_epmd(), "-port", str(self._epmd_port), "-address", "127.0.0.1"],
                env=self._environment(),
                stdout=output,
                stderr=output,
            )
            self._process = subprocess.Popen(
                [self._script],
                # Where it leaves what it has to say when it breaks.
                cwd=self._folder,
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + 90
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "output").read_text()[-4000:])
            time.sleep(0.2)

    def kill(self, *, forget: bool = False) -> None:
        """End it without warning; with `forget` its queues and messages are gone as well."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)
            self._process = None
        if self._name_server is not None:
            self._name_server.kill()
            self._name_server.wait(timeout=20)
            self._name_server = None
        if forget:
            shutil.rmtree(self._folder / "db", ignore_errors=True)

    def freeze(self) -> None:
        """Let it keep its connections and answer nothing on them."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGCONT)

    def empty(self) -> None:
        """Drop the queues of earlier tests; a queue that is not there is no error."""
        with self._connection() as connection:
            for queue in QUEUES:
                connection.channel().queue_delete(queue)

    def _answers(self) -> bool:
        # Spoken by hand: pika leaves sockets behind when it is refused.
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=5) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    @contextmanager
    def _connection(self) -> Iterator[pika.BlockingConnection]:
        connection = pika.BlockingConnection(pika.URLParameters(f"{self.url}?connection_attempts=1&socket_timeout=60"))
        yield connection
        connection.close()

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "RABBITMQ_NODENAME": f"anshou{self._port}@localhost",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "db"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }


@contextmanager
def running_rabbit(folder: Path) -> Iterator[Rabbit]:
    """A running server, for as long as the block lasts."""
    program = require(BROKER)
    script = SCRIPT if SCRIPT.exists() else program
    rabbit = Rabbit(script, folder)
    rabbit.start()
    try:
        yield rabbit
    finally:
        rabbit.kill()


def _epmd() -> str:
    """Erlang's name server, which comes with RabbitMQ; not always on the path."""
    return shutil.which("epmd") or str(next(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")))
