"""The tenant's general rule, set by who may."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import GENERAL_RULE_SET
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.attribution.general import GeneralRule
from billing.attribution.setting import add_general_rule
from billing.clauses import CostClause
from confidentiality.audit.leaves import record


async def set_general_rule(
    session: AsyncSession, clauses: tuple[CostClause, ...], *, by: Person, at: datetime
) -> GeneralRule:
    """Let these clauses decide from now on where a contract says nothing; what was allocated stays as it is.

    Raises PermissionMissing, and Unfit where the clauses leave a cost undecided or decide it twice.
    """
    authorize(by, Permission.SET_ATTRIBUTION_RULES)
    rule = await add_general_rule(session, clauses, by=by.id, at=at)
    await record(session, GENERAL_RULE_SET, actor=by.actor(), at=at, body={"version": rule.version})
    return rule
