"""Keeping a person out, and letting them in again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account
from anshou.people.deeds import PERSON_RESUMED, PERSON_SUSPENDED
from anshou.people.errors import OwnAccount
from anshou.people.grants import hold_administrators, keep_an_administrator
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from confidentiality.audit.leaves import record


async def suspend(session: AsyncSession, account: Account, *, by: Person, at: datetime) -> None:
    """Keep the person out from now on: open sessions and keys stop at their next use.

    Raises OwnAccount, and LastAdministrator when nobody could undo it.
    """
    authorize(by, Permission.MANAGE_PEOPLE)
    if account.id == by.id:
        raise OwnAccount
    if account.is_suspended:
        return
    await hold_administrators(session)
    account.suspended_at, account.suspended_by = at, by.id
    await keep_an_administrator(session)
    await record(session, PERSON_SUSPENDED, actor=by.actor(), at=at, subject=account.id)


async def resume(session: AsyncSession, account: Account, *, by: Person, at: datetime) -> None:
    """Let the person in again. Sessions from before stay ended."""
    authorize(by, Permission.MANAGE_PEOPLE)
    account.suspended_at = account.suspended_by = None
    account.privileges_changed_at = at
    await record(session, PERSON_RESUMED, actor=by.actor(), at=at, subject=account.id)
