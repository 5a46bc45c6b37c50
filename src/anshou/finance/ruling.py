"""The tenant's general rule, set by who may."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import GENERAL_RULE_SET
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.attribution.asking import ask_rules
from billing.attribution.general import GeneralRule, check_clauses
from billing.attribution.setting import add_general_rule
from billing.clauses import CostClause
from billing.days import require_bookable
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class RuleDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another general rule: from which day on it decides, and its clauses, one for every cause and category."""

    valid_from: Annotated[date, Meta(title=N_("生效日期"))]
    clauses: Annotated[tuple[CostClause, ...], Meta(min_length=1, max_length=70, title=N_("一般规则"))]

    def __post_init__(self) -> None:
        """Refuse clauses that leave a cost undecided, decide it twice, or limit it by an amount they do not name."""
        require_bookable(self.valid_from, "valid_from")
        check_clauses(self.clauses)
        amounts = {cap.fen for clause in self.clauses for cap in clause.caps}
        amounts |= {threshold.fen for clause in self.clauses for threshold in clause.thresholds}
        if None in amounts:
            # A contract's amounts lie sealed beside it; the general rule has no other place for them.
            raise Unfit(Message(N_("一般规则的限额与门槛须写明金额")), "clauses")


async def set_general_rule(session: AsyncSession, draft: RuleDraft, *, by: Person, at: datetime) -> GeneralRule:
    """Let the clauses decide from that day on where a contract says nothing.

    The day may lie in the past: what happened since and was allocated in a month that is open is allocated anew where
    the clauses say otherwise than before. Raises PermissionMissing.
    """
    authorize(by, Permission.SET_ATTRIBUTION_RULES)
    rule = await add_general_rule(session, draft.clauses, valid_from=draft.valid_from, by=by.id, at=at)
    body = {"version": rule.version, "from": draft.valid_from.isoformat()}
    await record(session, GENERAL_RULE_SET, actor=by.actor(), at=at, body=body)
    await ask_rules(session, draft.valid_from)
    return rule
