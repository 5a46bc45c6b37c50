"""From a due job to a message in the broker."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from dramatiq.broker import Broker
from dramatiq.errors import DramatiqError
from dramatiq.message import Message

from anshou.worker.broker import QUEUES, forgets
from anshou.worker.relay import DueJob

log = logging.getLogger(__name__)

# RabbitMQ confirms each message when it is safe, and a connection waits for one confirmation at a time.
_CONNECTIONS = 4


class Publisher:
    """Sends messages: at once where that cannot block, else from threads of its own."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._threads = None if forgets(broker) else ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="publish")

    async def publish(self, jobs: Sequence[DueJob]) -> list[UUID]:
        """Send a message for each; the ids of those that the broker took."""
        return [UUID(message.message_id) for message in await self.send([message_for(job) for job in jobs])]

    async def send(self, messages: Sequence[Message[Any]]) -> list[Message[Any]]:
        """Send them all; those that the broker took. Trouble with the broker is logged, not raised."""
        if self._threads is None:
            return self._send(messages)
        loop = asyncio.get_running_loop()
        shares = [messages[start::_CONNECTIONS] for start in range(min(_CONNECTIONS, len(messages)))]
        sent = await asyncio.gather(*(loop.run_in_executor(self._threads, self._send, share) for share in shares))
        return [message for share in sent for message in share]

    def close(self) -> None:
        """Let go of the threads; what waits to be sent is given up."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, messages: Sequence[Message[Any]]) -> list[Message[Any]]:
        sent = []
        try:
            for message in messages:
                self._broker.enqueue(message)
                sent.append(message)
        except (DramatiqError, OSError) as trouble:
            log.warning("the broker took %d of %d messages: %s", len(sent), len(messages), type(trouble).__name__)
        return sent


def message_for(job: DueJob) -> Message[None]:
    """Ids only. The message's id is the job's, so that a double is recognised in the broker's own tools, too."""
    return Message(
        queue_name=job.queue if job.queue in QUEUES else "default",
        actor_name=job.actor,
        args=(str(job.tenant_id), str(job.id)),
        kwargs={},
        options={},
        message_id=str(job.id),
    )
