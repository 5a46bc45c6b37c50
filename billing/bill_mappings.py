"""Layouts of bills that a tenant described itself, kept: a courier's bill, a merchant's own list.

A changed mapping is a new row: by which one an earlier file was read stays known. Its name is the source of the lines
that it reads, and so what rules of matching are set for.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.bills import values
from billing.bills.layouts.known import KNOWN
from billing.bills.layouts.layout import Layout, mapped
from billing.bills.mapping import Mapping
from billing.reconciliation import books
from tenants.base import Base, Row
from tenants.refusals import N_, Invalid, Message

LONGEST_NAME = 60


class MappingInvalid(Invalid):
    """Raised when a layout cannot be kept like this."""

    def __init__(self, field: str, why: Message) -> None:
        super().__init__(N_("不能保存列对应：%(why)s"), {field: why}, why=why)


class BillMapping(Row, Base):
    """What a file with these headings says in which column, as it was set."""

    __tablename__ = "bill_mapping"

    name: Mapped[str]
    headings: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    mapping: Mapped[dict[str, Any]]
    is_retired: Mapped[bool]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]

    @property
    def value(self) -> Mapping:
        """The mapping itself."""
        return msgspec.convert(self.mapping, Mapping)

    def as_layout(self) -> Layout:
        """The layout that reads a file of these headings."""
        return mapped(self.name, self.name, self.value, headings=frozenset(self.headings))


async def mappings_in_force(session: AsyncSession) -> Sequence[BillMapping]:
    """The latest of each name that is not retired, by name."""
    latest = select(BillMapping).ext(distinct_on(BillMapping.name))
    rows = await session.scalars(latest.order_by(BillMapping.name, BillMapping.id.desc()))
    return [row for row in rows if not row.is_retired]


async def keep_mapping(
    session: AsyncSession,
    name: str,
    headings: Sequence[str],
    mapping: Mapping,
    *,
    retired: bool = False,
    by: UUID,
    at: datetime,
) -> BillMapping:
    """Read files of these headings by the mapping from now on, or no more if it is retired. Raises MappingInvalid."""
    called = name.strip()
    check_name(called)
    known = tuple(values.heading(heading) for heading in headings)
    if missing := sorted(mapping.columns() - {*known}):
        raise MappingInvalid("", Message(N_("文件里没有这些列：%(columns)s"), columns="、".join(missing)))
    for other in () if retired else await mappings_in_force(session):
        if other.name != called and {*other.headings} == {*known}:
            raise MappingInvalid("name", Message(N_("这组列名已经对应为“%(name)s”，请在那里修改"), name=other.name))
    kept = BillMapping(
        name=called,
        headings=list(known),
        mapping=msgspec.to_builtins(mapping),
        is_retired=retired,
        set_at=at,
        set_by=by,
    )
    session.add(kept)
    await session.flush()
    return kept


def check_name(name: str) -> None:
    """Return when lines may come from a source of this name. Raises MappingInvalid.

    The name stands in addresses, and a source of the product's own would be taken for this one.
    """
    taken = {layout.code for layout in KNOWN} | {book.source for book in books.books()}
    wrong = None
    if not name:
        wrong = Message(N_("请填写名称"))
    elif len(name) > LONGEST_NAME or {*name} & {*"/\\?#%&"} or not name.isprintable():
        wrong = Message(N_("名称最多 %(most)s 字，不能有斜线等符号"), most=LONGEST_NAME)
    elif name in taken:
        wrong = Message(N_("这个名称已被系统使用，请换一个"))
    if wrong is not None:
        raise MappingInvalid("name", wrong)
