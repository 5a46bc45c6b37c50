"""Periods per kind: a law's minimum is named when it is undercut, and every setting stays on record."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from anshou.privacy.retention.errors import KindIsKept, KindNotFound, PeriodOutOfRange, PeriodTooShort
from anshou.privacy.retention.kinds import Kind, Way, months_before
from anshou.privacy.retention.periods import list_settings, period_of, set_period
from anshou.privacy.retention.registry import KINDS, kind_of
from tests.cast import NOW, settle

WITH_MINIMUM = [kind for kind in KINDS.values() if kind.minimum is not None and kind.way is not Way.KEPT]


@pytest.mark.parametrize("kind", WITH_MINIMUM, ids=lambda kind: kind.code)
async def test_a_period_below_what_a_law_asks_for_is_refused_and_the_law_named(
    session: AsyncSession, kind: Kind
) -> None:
    anhe = await settle(session)
    assert kind.minimum is not None
    with pytest.raises(PeriodTooShort) as refused:
        await set_period(session, kind, kind.minimum.value - 1, by=anhe.admin, at=NOW)
    assert kind.minimum.law in refused.value.fields["value"]
    assert str(kind.minimum.value) in refused.value.fields["value"]
    await set_period(session, kind, kind.minimum.value, by=anhe.admin, at=NOW)
    assert (await period_of(session, kind)).value == kind.minimum.value


def test_no_default_undercuts_a_law() -> None:
    for kind in KINDS.values():
        assert kind.minimum is None or kind.default >= kind.minimum.value, kind.code
        assert 1 <= kind.default <= kind.maximum, kind.code


async def test_what_is_never_erased_has_no_period_and_what_is_unknown_is_not_found(session: AsyncSession) -> None:
    anhe = await settle(session)
    with pytest.raises(KindIsKept):
        await set_period(session, kind_of("audit_leaves"), 60, by=anhe.admin, at=NOW)
    with pytest.raises(KindNotFound):
        kind_of("dreams")
    for value in (0, -3, 601):
        with pytest.raises(PeriodOutOfRange):
            await set_period(session, kind_of("attachments"), value, by=anhe.admin, at=NOW)


async def test_settings_are_history_with_who_and_when_and_the_latest_holds(session: AsyncSession) -> None:
    anhe = await settle(session)
    kind = kind_of("attachments")
    for number, value in enumerate((12, 6, None)):
        await set_period(session, kind, value, by=anhe.admin, at=NOW + timedelta(days=number))
    history = await list_settings(session, kind, by=anhe.admin)
    assert [(one.value, one.changed_by) for one in history] == [
        (None, anhe.admin.id),
        (6, anhe.admin.id),
        (12, anhe.admin.id),
    ]
    period = await period_of(session, kind)
    assert (period.value, period.is_default) == (kind.default, True)
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("UPDATE retention_setting SET value = 1"))


async def test_only_the_administrator_sets_periods(session: AsyncSession) -> None:
    anhe = await settle(session)
    for role, person in anhe.everybody.items():
        if role is not Role.AGENCY_ADMIN:
            with pytest.raises(PermissionMissing):
                await set_period(session, kind_of("attachments"), 12, by=person, at=NOW)


def test_months_end_on_the_same_day_or_the_months_last() -> None:
    at = datetime(2028, 3, 31, 12, tzinfo=UTC)
    assert months_before(at, 1) == datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert months_before(at, 13) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert months_before(at, 36) == datetime(2025, 3, 31, 12, tzinfo=UTC)
    assert months_before(datetime(2028, 1, 31, tzinfo=UTC), 12) == datetime(2027, 1, 31, tzinfo=UTC)
