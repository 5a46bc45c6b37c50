"""Another general rule: written down, tried on the last months, and adopted from the same page."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.finance.ruling import RuleDraft, set_general_rule
from anshou.finance.what_if import Proposed
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.rules.places import RULES
from anshou.portal.rules.trial import Trial, months_asked, tried
from billing.attribution.setting import read_general_rule
from tenants.refusals import N_, Refusal

# What the second button of the form sends.
ADOPT = "adopt"


@get("/attribution-rules/new")
async def revision_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The clauses that count today, to be changed; they would count from today on."""
    authorize_at_desk(visit.person, Permission.SET_ATTRIBUTION_RULES)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    rule = await read_general_rule(visit.session, today)
    return await _form(request, visit, prefilled(RuleDraft(valid_from=today, clauses=rule.clauses)))


@post("/attribution-rules/new", status_code=303)
async def submit_revision(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show what would change, or adopt it."""
    authorize_at_desk(visit.person, Permission.SET_ATTRIBUTION_RULES)
    typed = await typed_by(request)
    reading = read(RuleDraft, typed)
    if reading.value is None:
        return await _form(request, visit, reading.typed, asked=typed, wrong=reading.refusal)
    if typed.one("then") != ADOPT:
        months = await months_asked(visit, typed.one("since"), typed.one("last"))
        try:
            trial = await tried(visit, months, Proposed(general=reading.value))
        except Refusal as refusal:
            return await _form(request, visit, reading.typed, asked=typed, wrong=refusal)
        return await _form(request, visit, reading.typed, asked=typed, trial=trial)
    rule = await set_general_rule(visit.session, reading.value, by=visit.person, at=visit.at)
    said = N_("一般规则第 %(version)s 版已采用，自 %(day)s 起发生的问题按新规则归属。")
    day = reading.value.valid_from.isoformat()
    return go_to(request, RULES, Notice(language_of(request).say(said, version=rule.version, day=day)))


async def _form(
    request: Asked,
    visit: Visit,
    typed: Typed,
    *,
    asked: Typed | None = None,
    wrong: Refusal | None = None,
    trial: Trial | None = None,
) -> Response[str]:
    since, last = (asked.one("since"), asked.one("last")) if asked else ("", "")
    return page(
        request,
        "rules/revision.html",
        status_code=status_of(wrong) if wrong else 200,
        trial=trial,
        months=await months_asked(visit, since, last),
        **form_values(request, RuleDraft, typed, wrong=wrong),
    )
