"""One request at the agency's desk: who asks when it is asked for, the records it is about, and its next step."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.consumers.reading import show_records
from anshou.consumers.searching import HitPage, Sought, search_consumers
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.requests.places import TONES, address_of, progress, time_left
from anshou.privacy.requests.copying import Opened, open_request
from anshou.privacy.requests.handling import match_record, unmatch_record
from anshou.privacy.requests.kinds import Decision, State
from anshou.privacy.requests.reading import matched_records, record_by_origin, steps_of, visible_request
from anshou.privacy.requests.wording import detail_of
from anshou.privacy.seen import reveals_of_row
from anshou.tickets.tickets import number_of
from tenants.refusals import N_, Refusal

MATCHING = (State.RECEIVED, State.IDENTIFIED)


@get("/requests/{number:str}")
async def request_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about it, masked."""
    return await show(request, visit, number)


@post("/requests/{number:str}/asker", status_code=200)
async def asker_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The same with who asks and what was written in the open; that somebody looked is recorded first."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    opened = await open_request(visit.session, found, by=visit.person, at=visit.at)
    return await show(request, visit, number, opened=opened)


@post("/requests/{number:str}/search", status_code=200)
async def search_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The merchant's consumer records that fit, to be matched."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    reading = read(Sought, await typed_by(request))
    if reading.value is None:
        return await show(request, visit, number, wrong=reading.refusal)
    try:
        async with visit.session.begin_nested():
            hits = await search_consumers(
                visit.session, reading.value, merchants=[found.merchant_id], by=visit.person, at=visit.at
            )
    except Refusal as refusal:
        return await show(request, visit, number, wrong=refusal)
    return await show(request, visit, number, hits=hits)


@post("/requests/{number:str}/records/{origin_id:uuid}", status_code=303)
async def match(
    number: FromPath[str], origin_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """This record is about whoever asks."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    record = await record_by_origin(visit.session, found.merchant_id, origin_id)
    await match_record(visit.session, found, record, by=visit.person, at=visit.at)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("已关联。"))))


@post("/requests/{number:str}/records/{origin_id:uuid}/unmatch", status_code=303)
async def unmatch(
    number: FromPath[str], origin_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """It is not."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    found = await visible_request(visit.session, number, by=visit.person)
    await unmatch_record(visit.session, found, origin_id, by=visit.person, at=visit.at)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("已取消关联。"))))


async def show(
    request: Asked,
    visit: Visit,
    number: str,
    *,
    opened: Opened | None = None,
    hits: HitPage | None = None,
    wrong: Refusal | None = None,
) -> Response[str]:
    """The page, with what was found or opened on the way."""
    authorize_at_desk(visit.person, Permission.HANDLE_SUBJECT_REQUESTS)
    language = language_of(request)
    found = await visible_request(visit.session, number, by=visit.person)
    await seen(visit, found.id)
    rows = await matched_records(visit.session, found)
    records = await show_records(visit.session, rows, merchant_id=found.merchant_id, to=visit.person)
    tickets = {row.ticket_id: await number_of(visit.session, row.merchant_id, row.ticket_id) for row in rows}
    reveals = {row.id: await reveals_of_row(visit.session, "consumer_record", row.id, by=visit.person) for row in rows}
    steps = await steps_of(visit.session, found)
    return page(
        request,
        "requests/request.html",
        status_code=status_of(wrong) if wrong else 200,
        one=found,
        opened=opened,
        merchant=await visible_merchant(visit.session, found.merchant_id),
        records=records,
        tickets=tickets,
        reveals=reveals,
        steps=[(step, detail_of(step, language.translate)) for step in steps],
        progress=progress(found, language),
        left=time_left(found, visit.at, language),
        tones=TONES,
        hits=hits,
        wrong=language.refusal(wrong) if wrong else "",
        here=address_of(number),
        may_match=found.state in MATCHING,
        hands_out=found.asks_for.hands_out
        and found.decision in (Decision.GRANTED, Decision.PARTLY)
        and found.state in (State.DECIDED, State.EXECUTED),
    )
