"""The actors of the product, and what recurs. Each is shallow: it decodes ids, calls one verb and finishes."""

from anshou.worker import kept_answers, sign_in, webhooks
from anshou.worker.schedules import Schedule
from anshou.worker.work import AnyActor

ACTORS: tuple[AnyActor, ...] = (webhooks.deliver, kept_answers.forget, sign_in.forget)

SCHEDULES: tuple[Schedule, ...] = (kept_answers.EVERY_SIX_HOURS, sign_in.EVERY_DAY)
