"""Layouts of bills that finance describes itself. Who may: KEEP_BOOKS."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing import bill_mappings
from billing.bill_mappings import BillMapping, mappings_in_force
from billing.bills.layouts.layout import Layout
from billing.bills.mapping import Mapping
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

MAPPED = action("reconciliation.mapped", N_("设置账单列对应"))


async def own_layouts(session: AsyncSession, *, by: Person) -> list[Layout]:
    """What the tenant's own bills look like, for reading a file. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return [kept.as_layout() for kept in await mappings_in_force(session)]


async def set_bill_mapping(
    session: AsyncSession,
    name: str,
    headings: Sequence[str],
    mapping: Mapping,
    *,
    retired: bool = False,
    by: Person,
    at: datetime,
) -> BillMapping:
    """Read files of these headings by the mapping from now on. Raises PermissionMissing, MappingInvalid."""
    authorize(by, Permission.KEEP_BOOKS)
    kept = await bill_mappings.keep_mapping(session, name, headings, mapping, retired=retired, by=by.id, at=at)
    await record(session, MAPPED, actor=by.actor(), at=at, subject=kept.id, body={"retired": retired})
    return kept
