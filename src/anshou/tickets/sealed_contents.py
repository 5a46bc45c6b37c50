"""What is said on a confidential ticket lies sealed, one value per row; the rows themselves hold placeholders.

So every list, notice, mail, search and export that reads the rows shows nothing, and none of them has to know. Whatever
writes a row of such a ticket has its content sealed on the way to the database, in the same flush; the database refuses
the row otherwise. Only `contents_of` gives the contents back, to those who reveal them.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session
from sqlalchemy.orm.util import identity_key
from sqlalchemy.util import await_only

from anshou.tickets.tickets import Ticket
from confidentiality.errors import KeyDestroyed, KeysClosed
from confidentiality.keys.vault import open_keys
from confidentiality.sealing import masks
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.finding import exact
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from tenants.base import Base, MerchantRow
from tenants.refusals import N_
from tenants.sessions import EdgeSession

PLACEHOLDER = N_("【保密内容】")
"""What stands in the place of a text. The sentence is part of `control.seal_over` and of the tables' triggers."""

CONTENTS: Mapping[str, tuple[str, ...]] = {
    "ticket": ("title", "description", "request"),
    "entry": ("body", "record"),
    "attachment": ("name",),
    "closure": ("said",),
    "reopening": ("reason",),
    "improvement": ("action",),
    "hold": ("reason",),
    "clock_stop": ("reason",),
    "hand_over": ("reason",),
    "escalation": ("reason", "decision"),
    "meeting": ("people", "discussion"),
    "meeting_decision": ("decision",),
    "triage": ("findings",),
    "analysis": ("cause",),
    "determination": ("basis", "clause", "reason"),
    "determination_objection": ("reason",),
    "determination_review": ("reason",),
    "plan": ("summary",),
    "measure": ("action", "result"),
    "plan_review": ("comment",),
    "plan_answer": ("comment",),
    "rating": ("comment",),
    "return_visit": ("spoke_with",),
    "result": ("cause", "measures"),
    "result_confirmation": ("comment",),
    "question": ("question", "answer"),
    "metric_window": ("expected", "observed"),
    "observation": ("observed",),
    "evidence_item": ("content",),
    "point_at_issue": ("issue", "agency_part", "merchant_part", "clause"),
    "negotiation_round": ("people", "agency_position", "merchant_position", "agency_offer", "merchant_offer"),
    "agreement": ("title", "document"),
    "proceeding": ("body", "case_number"),
    "proceeding_outcome": ("text",),
    "obligation": ("duty",),
}
"""Content by table: what people wrote, and figures of the merchant's business. Ids, times, states and shares are none:
the process runs on them."""

Content = dict[str, Any]


class SealedContent(SealedRow, MerchantRow, Base):
    """The content of the row of `of_table` with the same id: JSON of its columns.

    `title` is there only for the ticket's own row, so that it is found by its whole title.
    """

    __tablename__ = "sealed_content"

    ticket_id: Mapped[UUID]
    of_table: Mapped[str]
    content: Mapped[Sealed[str]] = sealed(label=N_("工单内容"), pad=64)
    title: Mapped[Sealed[str] | None] = sealed(find=(exact(),), mask=masks.text, label=N_("工单标题"), pad=64)


async def contents_of(session: AsyncSession, ticket: Ticket) -> dict[UUID, Content]:
    """What is sealed of the ticket and the context may read, by the row's id.

    Whoever asks has recorded first that it is revealed. Raises KeyDestroyed, SealBroken.
    """
    query = select(SealedContent).where(
        SealedContent.merchant_id == ticket.merchant_id, SealedContent.ticket_id == ticket.id
    )
    rows = list(await session.scalars(query))
    if not rows:
        return {}
    ring = await open_keys(session, ticket.merchant_id)
    return {row.id: json.loads(ring.open(row.content)) for row in rows}


async def content_of(session: AsyncSession, ticket: Ticket, row_id: UUID) -> Content:
    """What is sealed of one row of the ticket; empty if nothing is. Raises as `contents_of` does."""
    row = await session.get(SealedContent, row_id)
    if row is None or row.ticket_id != ticket.id:
        return {}
    ring = await open_keys(session, ticket.merchant_id)
    content: Content = json.loads(ring.open(row.content))
    return content


async def find_titled(session: AsyncSession, merchant_id: UUID, title: str) -> list[UUID]:
    """The merchant's confidential tickets with exactly this title, by the blind index; none without its key."""
    try:
        ring = await open_keys(session, merchant_id)
    except (KeyDestroyed, KeysClosed):
        return []
    alike = select(SealedContent).where(
        SealedContent.merchant_id == merchant_id, SealedContent.title.matches(ring, title)
    )
    return [row.id for row in await session.scalars(alike) if ring.confirms(row.title, title)]


def seal_row(session: Session, row: Any, ring: KeyRing, *, covers: bool = True) -> None:
    """Seal what the row of a confidential ticket says into its sealed content, and cover it unless told otherwise."""
    said = {name: getattr(row, name) for name in CONTENTS[row.__tablename__]}
    told = {name: value for name, value in said.items() if not _is_covered(value)}
    if not told:
        return
    with session.no_autoflush:
        kept = session.get(SealedContent, row.id)
    before: Content = {} if kept is None else json.loads(ring.open(kept.content))
    if kept is None:
        ticket_id = row.id if isinstance(row, Ticket) else row.ticket_id
        kept = SealedContent(
            id=row.id, merchant_id=row.merchant_id, ticket_id=ticket_id, of_table=row.__tablename__, seal_version=0
        )
        session.add(kept)
    content = before | {name: _as_json(value) for name, value in told.items()}
    title = {"title": content["title"]} if isinstance(row, Ticket) else {}
    ring.seal(kept, content=json.dumps(content, ensure_ascii=False), **title)
    if covers:
        for name, value in told.items():
            setattr(row, name, _cover(value))


def _is_covered(value: object) -> bool:
    return value is None or value in ("", PLACEHOLDER, {}, b"")


def _cover(value: object) -> Any:
    if isinstance(value, str):
        return PLACEHOLDER
    if isinstance(value, dict):
        return {}
    return b"" if isinstance(value, bytes) else None


def _as_json(value: object) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    return str(value) if isinstance(value, Decimal) else value


@event.listens_for(EdgeSession, "before_flush")
def _seal_what_is_written(session: Session, *_: object) -> None:
    for row in [*session.new, *session.dirty]:
        if getattr(row, "__tablename__", None) in CONTENTS and _is_confidential(session, row):
            # The flush runs where an await may stand; the keys are nearly always in memory.
            ring = await_only(open_keys(cast(AsyncSession, session), row.merchant_id))
            seal_row(session, row, ring)


def _is_confidential(session: Session, row: Any) -> bool:
    if isinstance(row, Ticket):
        return row.is_confidential
    known = session.identity_map.get(identity_key(Ticket, row.ticket_id))
    if known is None:
        known = next((one for one in session.new if isinstance(one, Ticket) and one.id == row.ticket_id), None)
    if known is not None:
        return bool(known.is_confidential)
    with session.no_autoflush:
        return bool(session.scalar(select(Ticket.is_confidential).where(Ticket.id == row.ticket_id)))
