"""The general rule: who bears a cost where the contract says nothing, today and in every version before."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import page
from billing.attribution.general import STANDARD
from billing.attribution.setting import general_rules, rule_on


@get("/attribution-rules")
async def rules_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What counts today, and the versions, the latest first."""
    authorize_at_desk(visit.person, Permission.SET_ATTRIBUTION_RULES)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    versions = await general_rules(visit.session)
    return page(
        request,
        "rules/overview.html",
        rule=rule_on(versions, today),
        versions=versions,
        standard=STANDARD,
        people=await names_of(visit.session, {one.set_by for one in versions}),
    )
