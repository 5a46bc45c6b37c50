"""The actors of the product, and what recurs. Each is shallow: it decodes ids, calls one verb and finishes."""

from anshou.worker import (
    attribution,
    budgets,
    checkpoints,
    clocks,
    confidential,
    entrustments,
    kept_answers,
    keys,
    letters,
    retention,
    reveals,
    sign_in,
    statements,
    tidings,
    webhooks,
)
from anshou.worker.schedules import Schedule
from anshou.worker.work import AnyActor

ACTORS: tuple[AnyActor, ...] = (
    *tidings.TELLING,
    *reveals.TELLING,
    reveals.raise_alarm,
    reveals.look_for_decoys,
    reveals.remind,
    letters.send_letter,
    letters.forget,
    clocks.fire_due,
    clocks.recompute,
    clocks.take_in_years,
    confidential.seal_contents,
    attribution.attribute,
    attribution.apply,
    statements.mind,
    budgets.watch,
    webhooks.tell_systems,
    webhooks.deliver,
    kept_answers.forget,
    sign_in.forget,
    checkpoints.mail_checkpoint,
    retention.erase,
    retention.begin,
    keys.reseal,
    keys.reseal_files,
    keys.sweep_files,
    keys.destroy,
    retention.begin_requested,
    entrustments.begin,
)

SCHEDULES: tuple[Schedule, ...] = (
    clocks.EVERY_DAY,
    budgets.EVERY_DAY,
    letters.EVERY_DAY,
    kept_answers.EVERY_SIX_HOURS,
    sign_in.EVERY_DAY,
    checkpoints.EVERY_DAY,
    retention.EVERY_DAY,
    entrustments.EVERY_DAY,
    statements.EVERY_DAY,
)
