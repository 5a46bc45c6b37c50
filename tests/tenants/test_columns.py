"""Rows written by columns arrive as they were given, whether they share a value or not."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from tenants.base import new_id
from tenants.columns import Insertion, joined, write_columns

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SOMEBODY = new_id()
MERCHANTS = Insertion(
    "merchant",
    (("id", "uuid"), ("name", "text"), ("company", "text"), ("created_at", "timestamptz"), ("created_by", "uuid")),
)


async def _written(session: AsyncSession, rows: list[tuple[UUID, str, UUID | None]]) -> None:
    cells = [(str(row), str(row), said, AT.isoformat(), by and str(by)) for row, said, by in rows]
    await write_columns(session, MERCHANTS, list(zip(*cells, strict=True)))
    stored = select(Merchant.id, Merchant.company, Merchant.created_by).where(
        Merchant.id.in_([row for row, _, _ in rows])
    )
    assert {tuple(one) for one in await session.execute(stored)} == set(rows)


async def test_values_that_differ_are_shared_or_are_absent_arrive_as_they_are(session: AsyncSession) -> None:
    await _written(session, [(new_id(), "云杉, \\N {旧}", None)])
    await _written(session, [(new_id(), "", SOMEBODY), (new_id(), "", SOMEBODY)])
    await _written(session, [(new_id(), "青禾", None), (new_id(), "麦浪\n", None)])
    await _written(session, [(new_id(), "NULL", None), (new_id(), "NULL", SOMEBODY), (new_id(), "'; --", None)])


def test_a_value_that_all_rows_share_is_sent_once_but_for_the_first_column() -> None:
    made = joined([["a", "a"], ["same", "same"], [None, None], ["one", "other"]])
    assert made.alike == (False, True, True, False)
    assert made.texts[1:3] == ("same", None)
    assert joined([["a"], ["alone"]]).alike == (False, False)


@pytest.mark.parametrize("control", ["\x1d", "\x1e"])
def test_a_text_with_a_control_character_that_parts_rows_is_refused(control: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        joined([["a", "b"], ["one", f"an{control}other"]])
