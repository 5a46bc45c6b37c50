"""The timeline as a thread: who said or did what, to whom it was said, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.language import Language
from anshou.people.cards import names_of
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.portal import formats
from anshou.portal.ticket_views.stated import Line, Speaker, people_in, stated
from anshou.portal.ticket_views.surroundings import Surroundings
from anshou.tickets import changes
from anshou.tickets.categories import Category
from anshou.tickets.entries import Attachment
from anshou.tickets.entry_labels import CLOCK_BREACH, CLOCK_LATE, CLOCK_WARNING, IMPORTED, OPEN
from anshou.tickets.kinds import Clock, EntrySort, EscalationLevel, Outcome, Severity, Side, Status, Urgency
from anshou.tickets.mentions import MENTIONED
from anshou.tickets.process import Process
from anshou.tickets.reading import NOTHING_OPENED, Told, read_timeline
from anshou.tickets.records import Nothing
from anshou.tickets.reports import REPORTS
from anshou.tickets.sealed_contents import Content
from anshou.tickets.tickets import Ticket
from tenants.labels import Labelled
from tenants.refusals import N_

# How each sort of entry looks; what only the agency reads is `note` whatever its sort.
LOOKS = {
    EntrySort.MESSAGE: "message",
    EntrySort.NOTE: "note",
    EntrySort.CONTACT: "contact",
    EntrySort.ATTACHMENT: "message",
    EntrySort.MOVE: "move",
    EntrySort.SYSTEM: "system",
}

CHANGED: dict[str, str] = {
    "step": N_("环节"),
    "status": N_("状态"),
    "round": N_("轮次"),
    "on_hold": N_("挂起"),
    "outcome": N_("结果"),
    "owner_id": N_("负责人"),
    "department": N_("责任部门"),
    "category": N_("问题类别"),
    "urgency": N_("紧急程度"),
    "promised_at": N_("承诺处理时间"),
    "severity": N_("严重程度"),
    "level": N_("升级"),
}

LABELLED: dict[str, type[Labelled]] = {
    "status": Status,
    "outcome": Outcome,
    "department": Department,
    "category": Category,
    "urgency": Urgency,
    "severity": Severity,
    "level": EscalationLevel,
}


CLOCK_EVENTS = frozenset({CLOCK_WARNING, CLOCK_BREACH, CLOCK_LATE})


class ClockEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What the system writes when a clock reaches a stage."""

    clock: Annotated[Clock, msgspec.Meta(title=N_("时限"))]
    due_at: Annotated[datetime, msgspec.Meta(title=N_("到期时间"))]


class ImportedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a row of a ledger said besides what the ticket itself says, in its own words."""

    file: Annotated[str, msgspec.Meta(title=N_("文件"))] = ""
    sheet: Annotated[str, msgspec.Meta(title=N_("工作表"))] = ""
    line: Annotated[str, msgspec.Meta(title=N_("行"))] = ""
    number: Annotated[str, msgspec.Meta(title=N_("来源编号"))] = ""
    platform: Annotated[str, msgspec.Meta(title=N_("平台"))] = ""
    channel: Annotated[str, msgspec.Meta(title=N_("反馈渠道"))] = ""
    kind: Annotated[str, msgspec.Meta(title=N_("问题类型"))] = ""
    state: Annotated[str, msgspec.Meta(title=N_("状态"))] = ""
    department: Annotated[str, msgspec.Meta(title=N_("责任部门"))] = ""
    owner: Annotated[str, msgspec.Meta(title=N_("负责人"))] = ""
    finished: Annotated[str, msgspec.Meta(title=N_("实际完成日期"))] = ""
    amount: Annotated[str, msgspec.Meta(title=N_("费用金额"))] = ""
    party: Annotated[str, msgspec.Meta(title=N_("责任方"))] = ""
    rating: Annotated[str, msgspec.Meta(title=N_("商家评价"))] = ""
    remark: Annotated[str, msgspec.Meta(title=N_("备注"))] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the thread. `inside` is what only the agency reads; `changed` has field, old and new."""

    id: UUID
    at: datetime
    look: str
    to_merchant: bool
    by_merchant: bool
    author: str
    label: str
    body: str
    said: tuple[Line, ...]
    inside: tuple[Line, ...]
    changed: tuple[tuple[str, str, str], ...]
    attachments: tuple[Attachment, ...]
    corrects: UUID | None
    is_own: bool
    # Colleagues whom a note mentions, by name.
    mentioned: tuple[str, ...] = ()


async def read_thread(
    session: AsyncSession,
    person: Person,
    ticket: Ticket,
    around: Surroundings,
    *,
    language: Language,
    zone: ZoneInfo,
    contents: Mapping[UUID, Content] = NOTHING_OPENED,
) -> list[Item]:
    """The entries that the person may read, the oldest first, with what was opened of a confidential ticket."""
    told = await read_timeline(session, person, ticket, around.files, contents)
    names = await names_of(session, _people(ticket, told)) | around.names() | _opened_names(contents)
    speaker = Speaker(language, zone, names)
    return [_item(ticket.process, one, person, speaker) for one in told]


def _people(ticket: Ticket, told: Sequence[Told]) -> set[UUID]:
    """The accounts that the entries name."""
    people: set[UUID] = set()
    for one in told:
        shape = _shape(ticket.process, one)
        people |= people_in(shape, one.record) | people_in(shape, one.inner)
        for change in (one.changes, one.inner_changes):
            people |= {UUID(value) for value in change.get("owner_id", []) if value}
    return people


def _opened_names(contents: Mapping[UUID, Content]) -> dict[UUID, str]:
    """Measures, duties and files by what they are called."""
    called = ("action", "duty", "name")
    return {row: said for row, one in contents.items() for name, said in one.items() if name in called}


def _item(process: Process, one: Told, person: Person, speaker: Speaker) -> Item:
    language = speaker.language
    shape = _shape(process, one)
    internal = one.audience is Side.AGENCY
    look = "note" if internal and one.sort is EntrySort.NOTE else LOOKS.get(one.sort, "move")
    return Item(
        id=one.id,
        at=one.at,
        look=look,
        to_merchant=not internal,
        by_merchant=one.author_side is Side.MERCHANT,
        author=language.say(one.author_name),
        label=language.say(one.label),
        body=one.body or "",
        said=stated(shape, one.record, speaker),
        inside=stated(shape, one.inner, speaker),
        changed=tuple(_changed(process, {**one.changes, **one.inner_changes}, speaker)),
        attachments=one.attachments,
        corrects=one.corrects,
        is_own=one.author_id == person.id,
        mentioned=tuple(map(str, one.record.get(MENTIONED, ()))) if one.sort is EntrySort.NOTE else (),
    )


def _shape(process: Process, one: Told) -> type[msgspec.Struct]:
    """The shape of what an entry states."""
    if one.move == OPEN:
        return REPORTS[process.kind]
    if one.move in CLOCK_EVENTS:
        return ClockEvent
    if one.move == IMPORTED:
        return ImportedRow
    return next((move.record for move in process.moves if move.name == one.move), Nothing)


def _changed(process: Process, changed: Mapping[str, Any], speaker: Speaker) -> Iterator[tuple[str, str, str]]:
    for name in (*changes.TOLD, *changes.INNER):
        if name in changed:
            old, new = changed[name]
            yield (
                speaker.language.say(CHANGED[name]),
                _value(process, name, old, speaker),
                _value(process, name, new, speaker),
            )


def _value(process: Process, name: str, value: Any, speaker: Speaker) -> str:
    if value is None:
        return speaker.language.say(N_("无"))
    if name in LABELLED:
        return speaker.language.say(LABELLED[name](value).label)
    match name:
        case "step":
            return speaker.language.say(process.step(value).label)
        case "owner_id":
            return speaker.names.get(UUID(value), speaker.language.say(N_("已离开的同事")))
        case "on_hold":
            return speaker.language.say(N_("是") if value else N_("否"))
        case "promised_at":
            return formats.minute(datetime.fromisoformat(value), speaker.zone)
        case _:
            return str(value)
