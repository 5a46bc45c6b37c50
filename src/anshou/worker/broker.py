"""The broker: transport between the relay and the threads that work jobs off. What it loses is published again.

In memory for one worker process, RabbitMQ for several. dramatiq's own retries, delays and dead letters are left out:
attempts, times and dead letters are columns of the job's row.
"""

from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dramatiq.broker import Broker, Consumer, MessageProxy
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import QueueNotFound
from dramatiq.message import Message

# A worker may be told to serve only some of them, so that what is long cannot hold up what is urgent.
QUEUES = ("critical", "default", "bulk")

# Seconds. A server that does not answer must not hold the relay up for longer than that.
_RABBITMQ_PATIENCE = {
    "heartbeat": "20",
    "blocked_connection_timeout": "15",
    "socket_timeout": "10",
    "stack_timeout": "10",
    "connection_attempts": "1",
}


def open_broker(url: str) -> Broker:
    """RabbitMQ at `amqp(s)://…`, which confirms every message; without a URL the broker in memory."""
    broker = RabbitmqBroker(url=_patient(url), confirm_delivery=True, middleware=[]) if url else MemoryBroker()
    for queue in QUEUES:
        broker.declare_queue(queue)
    return broker


def forgets(broker: Broker) -> bool:
    """Whether everything published is lost when this process ends."""
    return isinstance(broker, MemoryBroker)


class MemoryBroker(Broker):
    """Hands messages over within the process. How many lie in it is bounded by the relay's in-flight cap."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.queues: dict[str, SimpleQueue[Message[Any]]] = {}

    def declare_queue(self, queue_name: str) -> None:
        """See `Broker.declare_queue`. There are no delay queues, because nothing is delayed here."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = SimpleQueue()
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """See `Broker.enqueue`."""
        if delay is not None:
            raise ValueError("what is for later waits in its row, not in the broker")
        if message.queue_name not in self.queues:
            raise QueueNotFound(message.queue_name)  # type: ignore[no-untyped-call]
        self.emit_before("enqueue", message, delay)
        self.queues[message.queue_name].put(message)
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 1000) -> Consumer:
        """See `Broker.consume`."""
        return _MemoryConsumer(self.queues[queue_name], timeout / 1000)


class _MemoryConsumer(Consumer):
    """Takes messages in order. Acknowledging needs nothing: a message taken is gone, and its row knows better."""

    def __init__(self, queue: SimpleQueue[Message[Any]], timeout: float) -> None:
        self._queue = queue
        self._timeout = timeout

    def __next__(self) -> MessageProxy | None:
        try:
            return MessageProxy(self._queue.get(timeout=self._timeout))
        except Empty:
            return None

    def ack(self, message: MessageProxy) -> None:
        """See `Consumer.ack`."""

    def nack(self, message: MessageProxy) -> None:
        """See `Consumer.nack`."""


def _patient(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**_RABBITMQ_PATIENCE, **dict(parse_qsl(parts.query))})))
