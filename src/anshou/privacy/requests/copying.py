"""The copy that a person gets of what is kept about them (PIPL art. 45): their own records, and who saw them.

The leaf is written in the transaction in which the copy is made, and the door sends nothing before that commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.cards import Discreet
from anshou.consumers.records import ConsumerRecord
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.requests.errors import NoCopyHere
from anshou.privacy.requests.kinds import Decision, State, Step
from anshou.privacy.requests.reading import matched_records
from anshou.privacy.requests.recording import noted
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.seen import Seen, reveals_of_row
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.fields import sealed_fields
from tenants.refusals import N_

OPENED = action("request.opened", N_("查看个人信息请求的内容"), plain=True)


@dataclass(frozen=True, slots=True, repr=False)
class CopiedRecord:
    """One record in the open: labels and texts, when it was recorded, and every time somebody saw a part of it."""

    recorded_at: datetime
    quantity: int
    fields: tuple[tuple[str, str, str], ...]
    seen: Sequence[Seen]


@dataclass(frozen=True, slots=True, repr=False)
class SubjectCopy:
    """All of it. Never printed."""

    number: str
    asker: str
    made_at: datetime
    records: tuple[CopiedRecord, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What a request says in the open; empty where nothing was written. Never printed."""

    asker: str
    contact: str
    wish: str
    explanation: str
    answer: str


async def open_request(session: AsyncSession, request: SubjectRequest, *, by: Person, at: datetime) -> Opened:
    """Who asks and what was written, to answer them; the leaf that says so is left first."""
    authorize(by, Permission.HANDLE_SUBJECT_REQUESTS)
    body = {"request": request.number}
    await record(session, OPENED, actor=by.actor(), at=at, owner=request.merchant_id, subject=request.id, body=body)
    ring = await open_keys(session, request.merchant_id)
    handles = (request.asker, request.contact, request.wish, request.explanation, request.answer)
    return Opened(*("" if handle is None else ring.open(handle) for handle in handles))


async def make_copy(session: AsyncSession, request: SubjectRequest, *, by: Person, at: datetime) -> SubjectCopy:
    """Open the matched records, and no others, and leave the leaf that says so.

    Raises NoCopyHere unless the request is for access or a copy and was granted at least in part.
    """
    authorize(by, Permission.HANDLE_SUBJECT_REQUESTS)
    # The copy is in plain: a key that may not reveal must not come to it this way.
    authorize(by, Permission.REVEAL)
    await session.refresh(request, with_for_update=True)
    granted = request.decision in (Decision.GRANTED, Decision.PARTLY)
    if not (request.asks_for.hands_out and granted and request.state in (State.DECIDED, State.EXECUTED)):
        raise NoCopyHere
    ring = await open_keys(session, request.merchant_id)
    rows = await matched_records(session, request)
    records = []
    for row in rows:
        opened = [
            (column, field.label, ring.open(handle))
            for column, field in sealed_fields(ConsumerRecord).items()
            if (handle := getattr(row, column)) is not None
        ]
        seen = await reveals_of_row(session, "consumer_record", row.id, by=by)
        records.append(CopiedRecord(row.added_at, row.quantity, tuple(opened), seen))
    await noted(session, request, Step.COPIED, detail=str(len(rows)), by=by, at=at)
    await session.flush()
    asker = "" if request.asker is None else ring.open(request.asker)
    return SubjectCopy(request.number, asker, at, tuple(records))


class SeenTold(Discreet, frozen=True, kw_only=True):
    """That somebody saw a field: when, for which purpose, in which role. Instants are UTC."""

    field: str
    at: datetime
    purpose: str
    side: str
    role: str


class RecordTold(Discreet, frozen=True, kw_only=True):
    """One record: texts by their column, and who saw them."""

    recorded_at: datetime
    quantity: int
    texts: dict[str, str]
    seen: list[SeenTold]


class CopyTold(Discreet, frozen=True, kw_only=True):
    """The copy as a program reads it."""

    number: str
    asker: str
    made_at: datetime
    records: list[RecordTold]


def as_told(copy: SubjectCopy) -> CopyTold:
    """The copy for a program."""
    records = [
        RecordTold(
            recorded_at=record.recorded_at,
            quantity=record.quantity,
            texts={column: text for column, _, text in record.fields},
            seen=[
                SeenTold(
                    field=seen.field,
                    at=seen.shown_at,
                    purpose=seen.purpose,
                    side=seen.side.value,
                    role=seen.viewer_role.value,
                )
                for seen in record.seen
            ],
        )
        for record in copy.records
    ]
    return CopyTold(number=copy.number, asker=copy.asker, made_at=copy.made_at, records=records)
