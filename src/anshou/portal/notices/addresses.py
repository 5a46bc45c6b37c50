"""Where a notice leads: to its ticket, unless its event is about something that has a page of its own."""

from collections.abc import Mapping

from anshou.finance import telling as finance
from anshou.notifying.robots import registry as robots
from anshou.people.notices import Notice
from anshou.privacy import telling
from anshou.privacy.disclosures import telling as disclosures
from anshou.privacy.duties import breaches
from anshou.privacy.entrustment import certificates, recording, returning
from anshou.privacy.requests import telling as requests
from anshou.privacy.retention.carrying_out import RUN_FINISHED

# `{subject}` and `{number}` are the notice's.
ELSEWHERE: Mapping[str, str] = {
    telling.LIMIT_REACHED: "/reveals?viewer={subject}",
    telling.OBJECTION_RAISED: "/reveals/objections/{subject}",
    telling.OBJECTION_OVERDUE: "/reveals/objections/{subject}",
    telling.OBJECTION_ANSWERED: "/my/data/{subject}",
    telling.DECOY_TOUCHED: "/decoys",
    returning.RETURN_BEGUN: "/my/data/returns/{number}",
    returning.RETURN_LATE: "/returns/{number}",
    certificates.CERTIFICATE_ISSUED: "/my/data/returns/{number}",
    recording.SUBPROCESSOR_PROPOSED: "/my/data/entrustment",
    breaches.BREACH_RECORDED: "/breaches/{number}",
    breaches.BREACH_NOTICE: "/my/data/breach-notices/{subject}",
    breaches.BREACH_DUE: "/breaches/{number}",
    requests.RECEIVED: "/requests/{number}",
    requests.WARNED: "/requests/{number}",
    requests.LATE: "/requests/{number}",
    requests.ANSWERED: "/my/data/requests/{number}",
    RUN_FINISHED: "/settings/retention/runs/{subject}",
    disclosures.REQUESTED: "/my/data/consents/{number}",
    disclosures.RETRACTED: "/my/data/consents/{number}",
    disclosures.EXPORTED: "/my/data/consents/{number}",
    disclosures.SIGNED: "/disclosures/{number}",
    disclosures.REFUSED: "/disclosures/{number}",
    disclosures.WITHDRAWN: "/disclosures/{number}",
    robots.STOPPED: "/settings/notifications/robots/{subject}",
    finance.COST_RETURNED: "/costs/{number}",
    finance.STATEMENT_ISSUED: "/my/statements/{number}",
    finance.STATEMENT_REMINDED: "/my/statements/{number}",
    finance.LINE_DISPUTED: "/statements/{number}",
    finance.DISPUTE_ANSWERED: "/my/statements/{number}",
    finance.INVOICE_REQUESTED: "/invoices/{number}",
    finance.INVOICE_REFUSED: "/my/invoices/{number}",
    finance.INVOICE_ISSUED: "/my/invoices/{number}",
    finance.BUDGET_WARNED: "/budgets/{subject}",
    finance.BUDGET_FLAGGED: "/budgets/{subject}",
}


def address_of_notice(notice: Notice) -> str:
    """The page that the notice is about."""
    if notice.event in ELSEWHERE:
        return ELSEWHERE[notice.event].format(subject=notice.subject_id, number=notice.number)
    return f"/my/tickets/{notice.number}" if notice.acting_for else f"/tickets/{notice.number}"
