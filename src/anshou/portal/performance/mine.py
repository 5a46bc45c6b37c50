"""The merchant's own measures: what was agreed and how it went, nothing of how the agency is organised."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.performance.dashboard import dashboard
from anshou.performance.sight import sight_of
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import language_of, page
from anshou.portal.performance.asked import asked_of
from anshou.portal.performance.behind import listed
from anshou.portal.performance.dashboard import shown
from anshou.portal.performance.places import MY_BEHIND, MY_MEASURES, MY_SHEET
from anshou.portal.performance.sheet import sheet


@get(MY_MEASURES)
async def my_measures_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The period that the address asks for beside the one before."""
    merchant_id = own_merchant(visit.person, Permission.READ_TICKETS)
    sight, language = await sight_of(visit.session, visit.person), language_of(request)
    question = await asked_of(request.query_params, visit, sight)
    found = await dashboard(visit.session, sight, question.period, question.narrowed, by=question.by)
    return page(
        request,
        "performance/mine.html",
        address=MY_MEASURES,
        download=f"{MY_SHEET}?{question.query()}",
        bys=[(by.value, language.say(by.label)) for by in sight.dimensions],
        **await shown(visit, question, sight, found, language, MY_BEHIND),
        **await acting_for(visit, merchant_id),
    )


@get(MY_BEHIND)
async def my_behind_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The merchant's tickets behind a figure."""
    merchant_id = own_merchant(visit.person, Permission.READ_TICKETS)
    found = await listed(request, visit, await sight_of(visit.session, visit.person), MY_BEHIND)
    return page(
        request,
        "performance/behind.html",
        frame="merchant/frame.html",
        report=f"{MY_MEASURES}?{found['question'].query()}",
        tickets="/my/tickets",
        **found,
        **await acting_for(visit, merchant_id),
    )


@get(MY_SHEET)
async def my_measures_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The same as a spreadsheet."""
    own_merchant(visit.person, Permission.READ_TICKETS)
    return await sheet(request, visit, await sight_of(visit.session, visit.person), MY_BEHIND)
