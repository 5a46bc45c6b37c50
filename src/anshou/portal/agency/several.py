"""One deed on several tickets: chosen from the list, across its pages too, and told ticket by ticket how it went.

Each ticket is moved in a savepoint of its own, as it would be moved alone: one that is refused keeps no other from it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import colleagues
from anshou.people.permissions import Permission, authorize
from anshou.portal.addresses import local_address
from anshou.portal.agency.places import authorize_at_desk, ticket_at_desk
from anshou.portal.agency.queue_asked import read_asked
from anshou.portal.error_pages import status_of
from anshou.portal.forms import slips
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import parsed
from anshou.portal.ticket_views.choices import named
from anshou.portal.ticket_views.free_text import free_text_typed, masked_typed
from anshou.tickets.ending import Merge
from anshou.tickets.moving import make_move
from anshou.tickets.queues import numbers_of
from anshou.tickets.records import Record
from anshou.tickets.reminding import remind
from anshou.tickets.steering import Assignment, HandOver
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Message, NotFound, Refusal

# As many as one request moves while somebody waits for it.
MOST = 300


class NoSuchDeed(NotFound):
    """Raised when something would be done to several tickets that cannot be."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个页面。"))


class Reminder(Record, frozen=True, kw_only=True):
    """Nothing is stated: the notice says which ticket it is about."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done to several: its name in the address, what it is called, who may, and what has to be stated."""

    name: str
    label: str
    icon: str
    needs: Permission
    record: type[Record]
    says: str


DEEDS = (
    Deed("assign", N_("指派"), "user-check", Permission.ASSIGN_OWNER, Assignment, N_("交给同一位同事负责。")),
    Deed(
        "hand_over", N_("移交"), "arrows-exchange", Permission.HAND_OVER, HandOver, N_("移交给另一个部门，并说明原因。")
    ),
    Deed(
        "remind",
        N_("催办"),
        "bell",
        Permission.WRITE_NOTE,
        Reminder,
        N_("给负责人留一条通知；没有负责人的，通知部门或客服。同一工单一小时内只提醒一次。"),
    ),
    Deed(
        "merge",
        N_("作为重复关闭"),
        "git-merge",
        Permission.MERGE,
        Merge,
        N_("合并到同一商家的另一个工单，并关闭所选工单；商家能看到合并到哪个工单。"),
    ),
)
_BY_NAME = {deed.name: deed for deed in DEEDS}


@dataclass(frozen=True, slots=True)
class Result:
    """How it went with one ticket; `why` is empty where it was done."""

    number: str
    why: str


@post("/tickets/several", status_code=200)
async def choose_several(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What has to be stated, and for which tickets: those ticked, or everything that the list holds."""
    typed = await typed_by(request)
    deed = _deed(typed.one("deed"), visit)
    return await _form(request, visit, deed, typed, await _chosen(visit, typed))


@post("/tickets/several/{name:str}", status_code=200)
async def do_several(name: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Do it to each, and say of each how it went."""
    typed = await typed_by(request)
    deed = _deed(name, visit)
    numbers = await _chosen(visit, typed)
    language, choice = language_of(request), await slips.decided(request)
    if choice == slips.MASK:
        typed = masked_typed(deed.record, typed)
    reading = read(deed.record, typed)
    if reading.value is None or not numbers:
        return await _form(request, visit, deed, reading.typed, numbers, wrong=reading.refusal)
    if not choice and (told := slips.hint(free_text_typed(deed.record, typed), language)):
        return await _form(request, visit, deed, reading.typed, numbers, slipped=told)
    record, at_once = reading.value, _WAYS[deed.name]
    results = []
    for number in numbers:
        why = ""
        try:
            async with visit.session.begin_nested():
                await at_once(visit, await ticket_at_desk(visit, number), record)
        except Refusal as refusal:
            why = language.refusal(refusal)
        results.append(Result(number, why))
    done = sum(not one.why for one in results)
    return page(
        request,
        "agency/several_done.html",
        deed=deed,
        # What was refused first: it is what remains to be done.
        results=sorted(results, key=lambda one: not one.why),
        done=done,
        refused=len(results) - done,
        back=local_address(typed.one("back")),
    )


async def _form(
    request: Asked,
    visit: Visit,
    deed: Deed,
    typed: Typed,
    numbers: Sequence[str],
    *,
    wrong: Refusal | None = None,
    slipped: str = "",
) -> Response[str]:
    """What has to be stated; `slipped` asks about numbers of people in it before anything is done."""
    people = [(str(one.id), named(one)) for one in await colleagues(visit.session)]
    told: Refusal | Message | None = wrong
    if not numbers:
        told = Message(N_("请先在列表里选中工单。"))
    stated = typed if wrong is not None or slipped else NOTHING
    values: dict[str, Any] = form_values(
        request, deed.record, stated, wrong=told, choices=Choices(by_widget={"person": people})
    )
    return page(
        request,
        "agency/several.html",
        status_code=status_of(wrong) if wrong else 200 if numbers else 422,
        deed=deed,
        slipped=slipped,
        kept=(),
        numbers=numbers,
        most=MOST,
        is_cut=typed.one("whole") == "yes" and len(numbers) == MOST,
        back=local_address(typed.one("back")),
        **values,
    )


async def _chosen(visit: Visit, typed: Typed) -> list[str]:
    """The numbers that were ticked, or, if the whole list was, its first ones in its order."""
    if typed.one("whole") == "yes":
        asked = await read_asked(visit, parsed(local_address(typed.one("back"))))
        found = await numbers_of(
            visit.session, visit.person, asked.tab, asked.filters, at=visit.at, order=asked.order, limit=MOST
        )
        return list(found)
    return list(dict.fromkeys(number[:40] for number in typed.every("number") if number))[:MOST]


def _deed(name: str, visit: Visit) -> Deed:
    deed = _BY_NAME.get(name)
    if deed is None:
        raise NoSuchDeed
    authorize_at_desk(visit.person, Permission.READ_TICKETS)
    authorize(visit.person, deed.needs)
    return deed


async def _move(visit: Visit, ticket: Ticket, name: str, record: Record) -> None:
    # Whoever decides from a list decides on no other version than the present one.
    await make_move(visit.session, ticket, name, record, by=visit.person, at=visit.at, seen=ticket.version)


async def _assign(visit: Visit, ticket: Ticket, record: Record) -> None:
    await _move(visit, ticket, "assign", record)


async def _hand_over(visit: Visit, ticket: Ticket, record: Record) -> None:
    await _move(visit, ticket, "hand_over", record)


async def _merge(visit: Visit, ticket: Ticket, record: Record) -> None:
    await _move(visit, ticket, "merge", record)


async def _remind(visit: Visit, ticket: Ticket, record: Record) -> None:
    await remind(visit.session, ticket, by=visit.person, at=visit.at)


_WAYS: dict[str, Callable[[Visit, Ticket, Any], Awaitable[None]]] = {
    "assign": _assign,
    "hand_over": _hand_over,
    "merge": _merge,
    "remind": _remind,
}
