"""The kinds of event that people choose channels for: few enough to choose from, and every event is of one."""

from collections.abc import Mapping

from anshou.tickets import events
from anshou.tickets.entry_labels import CLOCK_BREACH, CLOCK_LATE, CLOCK_WARNING
from tenants.labels import Labelled
from tenants.refusals import N_


class EventKind(Labelled):
    """What sort of thing waits."""

    OPENED = "opened", N_("新工单")
    MESSAGE = "message", N_("新消息")
    ASSIGNED = "assigned", N_("交给我的工作")
    DECISION = "decision", N_("等待审核或确认")
    PROGRESS = "progress", N_("工单进展")
    DUE = "due", N_("即将超时")
    BREACH = "breach", N_("已超时")
    ESCALATION = "escalation", N_("升级")
    FINANCE = "finance", N_("费用与对账")
    CONFIDENTIALITY = "confidentiality", N_("保密与个人信息")
    UPKEEP = "upkeep", N_("系统维护")


# What cannot wait for the end of somebody's quiet hours.
URGENT = frozenset({EventKind.BREACH, EventKind.ESCALATION})

# What happens to tickets: all that a group robot speaks of. Money and confidentiality are for the people meant alone.
OF_TICKETS = (
    EventKind.OPENED,
    EventKind.MESSAGE,
    EventKind.ASSIGNED,
    EventKind.DECISION,
    EventKind.PROGRESS,
    EventKind.DUE,
    EventKind.BREACH,
    EventKind.ESCALATION,
)

_KINDS: Mapping[str, EventKind] = {
    events.OPENED: EventKind.OPENED,
    events.MESSAGE: EventKind.MESSAGE,
    events.ASSIGNED: EventKind.ASSIGNED,
    events.MEASURES_TO_DO: EventKind.ASSIGNED,
    events.REMINDED: EventKind.ASSIGNED,
    events.MENTIONED: EventKind.MESSAGE,
    events.PLAN_TO_REVIEW: EventKind.DECISION,
    events.OBJECTION_TO_REVIEW: EventKind.DECISION,
    "ask_rating": EventKind.DECISION,
    "approve_plan": EventKind.DECISION,
    "report_result": EventKind.DECISION,
    "propose_agreement": EventKind.DECISION,
    "hold": EventKind.DECISION,
    "escalate": EventKind.ESCALATION,
    "decide_escalation": EventKind.ESCALATION,
    CLOCK_WARNING: EventKind.DUE,
    CLOCK_BREACH: EventKind.BREACH,
    CLOCK_LATE: EventKind.BREACH,
    "webhook_stopped": EventKind.UPKEEP,
    "robot_stopped": EventKind.UPKEEP,
}

# Events of the rooms beside tickets begin with the thing that they are about.
_BEGINNINGS = (
    (("cost_", "statement_", "invoice_", "budget_"), EventKind.FINANCE),
    (
        (
            "reveal_",
            "decoy_",
            "data_return_",
            "certificate_",
            "subprocessor_",
            "breach_",
            "disclosure_",
            "subject_request_",
            "erasure_",
        ),
        EventKind.CONFIDENTIALITY,
    ),
)


def kind_of(event: str) -> EventKind:
    """The kind of an event, which is a move's name or another name; what this version does not know is progress."""
    if event in _KINDS:
        return _KINDS[event]
    return next((kind for beginnings, kind in _BEGINNINGS if event.startswith(beginnings)), EventKind.PROGRESS)
