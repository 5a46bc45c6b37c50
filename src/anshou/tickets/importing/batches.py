"""An import as rows: how far it is, what was chosen for it, what is found in it, and which row became which ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.errors import ImportNotFound, NotThatFar
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.lines import Choices, Weight
from tenants.base import Base, MerchantRow, Row
from tenants.labels import Labelled
from tenants.refusals import N_

# A job that has not ended after this long will not: it is a dead letter.
GIVEN_UP_AFTER = timedelta(minutes=30)


class Step(Labelled):
    """How far an import is."""

    MAPPING = "mapping", N_("待对应")
    CHECKING = "checking", N_("正在检查")
    CHECKED = "checked", N_("待确认")
    IMPORTING = "importing", N_("正在导入")
    IMPORTED = "imported", N_("已导入")
    UNDOING = "undoing", N_("正在撤销")
    UNDONE = "undone", N_("已撤销")
    REFUSED = "refused", N_("未完成")
    DROPPED = "dropped", N_("已放弃")


# While a job works on it.
GOING = (Step.CHECKING, Step.IMPORTING, Step.UNDOING)


class Decision(Labelled):
    """What a person decided about a finding."""

    OPEN = "open", N_("待确认")
    ACCEPTED = "accepted", N_("已接受")
    # The row is imported as it is, though leaving it out was proposed.
    KEPT = "kept", N_("照样导入")


class TicketImport(Row, Base):
    """One file that is taken over, or was.

    `header_line` is the header's line in `sheet`. `changes` are cells typed anew, by "line:field"; `skipped` are lines.
    Of `row_count` rows `ready_count` can become tickets and `there_count` are tickets already. `done` of them have been
    worked off in the step that goes on.
    """

    __tablename__ = "ticket_import"

    name: Mapped[str]
    sha256: Mapped[str]
    storage_key: Mapped[str | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    step: Mapped[Step]
    sheet: Mapped[str]
    header_line: Mapped[int]
    choices: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]
    skipped: Mapped[list[Any]]
    row_count: Mapped[int]
    ready_count: Mapped[int]
    there_count: Mapped[int]
    there: Mapped[list[Any]]
    done: Mapped[int]
    ticket_count: Mapped[int]
    refusal: Mapped[str]
    began_at: Mapped[datetime | None]
    imported_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]

    @property
    def chosen(self) -> Choices:
        """What was chosen for it."""
        return msgspec.convert(self.choices, Choices, strict=False)

    @property
    def typed(self) -> dict[tuple[int, str], str]:
        """Cells that a person typed anew, by line and field."""
        return {
            (int(line), field): value for key, value in self.changes.items() for line, _, field in [key.partition(":")]
        }

    def is_going(self, at: datetime) -> bool:
        """Whether a job works on it."""
        return self.step in GOING and self.began_at is not None and at - self.began_at < GIVEN_UP_AFTER

    @property
    def per_cent(self) -> int:
        """How much of the step that goes on is done."""
        return min(100, 100 * self.done // max(1, self.row_count))

    def require(self, *steps: Step) -> None:
        """Raise NotThatFar where it stands at none of these steps."""
        if self.step not in steps:
            raise NotThatFar(self.step.label)


class ImportFinding(Row, Base):
    """Something in the file that a person decides about; `count` cells for a rule."""

    __tablename__ = "ticket_import_finding"

    import_id: Mapped[UUID]
    line: Mapped[int]
    field: Mapped[Field]
    rule: Mapped[Rule]
    weight: Mapped[Weight]
    raw: Mapped[str]
    proposed: Mapped[str]
    count: Mapped[int]
    decision: Mapped[Decision]


class ImportMapping(Row, Base):
    """What was chosen for files whose columns have this signature."""

    __tablename__ = "ticket_import_mapping"

    signature: Mapped[str]
    choices: Mapped[dict[str, Any]]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


class ImportRow(MerchantRow, Base):
    """Which row became which ticket. By `fingerprint` the same row is known again, by `identity` a changed one."""

    __tablename__ = "ticket_import_row"

    ticket_id: Mapped[UUID]
    import_id: Mapped[UUID]
    line: Mapped[int]
    entries: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    identity: Mapped[bytes] = mapped_column(LargeBinary)


async def visible_import(session: AsyncSession, import_id: UUID, *, by: Person) -> TicketImport:
    """The import. Raises PermissionMissing, ImportNotFound."""
    authorize(by, Permission.IMPORT_TICKETS)
    found = await session.get(TicketImport, import_id)
    if found is None:
        raise ImportNotFound
    return found


async def latest_imports(session: AsyncSession, *, by: Person, limit: int = 50) -> Sequence[TicketImport]:
    """The latest imports, but for those that were dropped before anything came of them. Raises PermissionMissing."""
    authorize(by, Permission.IMPORT_TICKETS)
    query = select(TicketImport).where(TicketImport.step != Step.DROPPED)
    return (await session.scalars(query.order_by(TicketImport.asked_at.desc(), TicketImport.id).limit(limit))).all()
