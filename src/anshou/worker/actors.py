"""The actors of the product, and what recurs. Each is shallow: it decodes ids, calls one verb and finishes."""

from anshou.worker.schedules import Schedule
from anshou.worker.work import AnyActor

ACTORS: tuple[AnyActor, ...] = ()

SCHEDULES: tuple[Schedule, ...] = ()
