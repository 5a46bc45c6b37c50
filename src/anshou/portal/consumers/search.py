"""Looking a consumer up by phone, its last four digits or an order number.

The terms are sent in the body and answered at once: they stand in no address, no history and no log. The next page is
asked for by the same form with the terms in it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response

from anshou.consumers.searching import MOST_MERCHANTS, Hit, HitPage, Sought
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.portal.consumers.desks import Desk, authorize_search
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.privacy.consumers_shown import find_consumers
from tenants.refusals import Invalid, Refusal

# The hidden fields of the next page: after which row of which merchant it begins.
AFTER_MERCHANT, AFTER_ROW = "after_merchant", "after_row"


async def search_page(request: Asked, visit: Visit, desk: Desk) -> Response[str]:
    """The empty form."""
    authorize_search(desk, visit)
    return await _page(request, visit, desk, NOTHING, None)


async def show_found(request: Asked, visit: Visit, desk: Desk) -> Response[str]:
    """The form as it was sent, with what was found below it."""
    authorize_search(desk, visit)
    typed = await typed_by(request)
    terms = Typed({name: typed.every(name) for name in ("phone", "order_number") if typed.one(name)})
    reading = read(Sought, terms)
    if reading.value is None:
        return await _page(request, visit, desk, typed, None, reading.refusal)
    merchants = await _merchants(visit, typed)
    try:
        async with visit.session.begin_nested():
            found = await find_consumers(
                visit.session, reading.value, merchants=merchants, by=visit.person, at=visit.at, after=_after(typed)
            )
    except Invalid as refusal:
        return await _page(request, visit, desk, typed, None, refusal)
    return await _page(request, visit, desk, typed, found)


async def _merchants(visit: Visit, typed: Typed) -> list[UUID]:
    """Those to search: the chosen one, or all in reach by name."""
    if visit.person.merchant_id is not None:
        return [visit.person.merchant_id]
    names = await merchant_names(visit.session)
    chosen = identifier(typed.one("merchant"))
    if chosen in names:
        return [chosen]
    return sorted(names, key=lambda merchant_id: (names[merchant_id], merchant_id))


def _after(typed: Typed) -> tuple[UUID, UUID] | None:
    merchant, row = identifier(typed.one(AFTER_MERCHANT)), identifier(typed.one(AFTER_ROW))
    return (merchant, row) if merchant and row else None


async def _page(
    request: Asked, visit: Visit, desk: Desk, typed: Typed, found: HitPage | None, wrong: Refusal | None = None
) -> Response[str]:
    language = language_of(request)
    faults = wrong.field_texts(language.translate) if isinstance(wrong, Invalid) else {}
    names = await merchant_names(visit.session)
    return page(
        request,
        "consumers/search.html",
        status_code=status_of(wrong) if wrong else 200,
        action=desk.search,
        tickets=desk.tickets.root,
        typed={name: typed.one(name) for name in ("phone", "order_number", "merchant")},
        faults=faults,
        errors=[] if faults or wrong is None else [language.refusal(wrong)],
        found=found,
        is_continued=bool(typed.one(AFTER_ROW)),
        shops=await _shops(visit, found.hits if found else ()),
        merchants=sorted(names.items(), key=lambda one: (one[1], one[0])),
        merchant_names=names,
        most_merchants=MOST_MERCHANTS,
        may_set=allows(visit.person, Permission.SET_PRIVATE_PRODUCTS),
        zone=(await read_settings(visit.session)).zone,
        **await desk.around(visit, None),
    )


async def _shops(visit: Visit, hits: Sequence[Hit]) -> dict[Any, str]:
    return await shop_names(visit.session, {hit.record.shop_id for hit in hits if hit.record.shop_id})
