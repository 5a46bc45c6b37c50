"""What a drafted contract version would change, before it is put in force on its own page."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.what_if import Proposed
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import drafts
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.merchants.places import address_of_merchant
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.rules.trial import months_asked, tried
from tenants.refusals import N_, Refusal


@get("/attribution-rules/trial")
async def contract_trial_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The drafts to choose from; with one chosen, what it would change in the months asked about."""
    authorize_at_desk(visit.person, Permission.SET_ATTRIBUTION_RULES)
    language, query = language_of(request), request.query_params
    names = await merchant_names(visit.session)
    listed = await drafts(visit.session, by=visit.person)
    chosen = identifier(query.get("draft"))
    draft = next((one for one in listed if one.id == chosen), None)
    months = await months_asked(visit, query.get("since", ""), query.get("last", ""))
    trial, wrong = None, None
    try:
        trial = await tried(visit, months, Proposed(draft=draft)) if draft else None
    except Refusal as refusal:
        wrong = refusal
    version = N_("%(merchant)s · %(number)s 第 %(version)s 版（%(day)s 起）")
    return page(
        request,
        "rules/contract_trial.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        options=[
            (
                str(one.id),
                language.say(
                    version,
                    merchant=names.get(one.merchant_id, "—"),
                    number=one.contract.number,
                    version=one.version,
                    day=one.valid_from.isoformat(),
                ),
            )
            for one in listed
        ],
        draft=draft,
        address=f"{address_of_merchant(draft.merchant_id)}/contracts/versions/{draft.id}" if draft else "",
        months=months,
        trial=trial,
    )
