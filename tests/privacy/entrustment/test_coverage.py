"""Whatever the erasure takes from a merchant is in the package first, or stands on a list with the reason."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.entrustment.returnables import NOT_RETURNED, RETURNABLES, uncovered
from anshou.privacy.retention.kinds import Files, Unit
from anshou.privacy.retention.kinds import Kind as KindOfData
from anshou.privacy.retention.registry import LISTED
from tenants.erasing import Content

# What says nothing of a row that goes whole: which row it is, whose, how often it was sealed; and who wrote it.
_SILENT = {"id", "merchant_id", "seal_version"}


def test_everything_that_is_erased_is_returned_or_has_a_reason() -> None:
    assert uncovered() == []


def test_a_new_kind_cannot_be_forgotten() -> None:
    new = KindOfData(
        code="photographs",
        label="照片",
        starts="",
        stays="",
        unit=Unit.MONTHS,
        default=1,
        contents=(
            Content(table="photograph", columns=("caption",)),
            Content(table="album"),
            Content(table="sealed_content", only=("of_table", ("photograph",))),
        ),
        files=(Files("photograph", "ticket_id"),),
    )
    assert uncovered(kinds=[new]) == [
        "photographs: photograph.caption",
        "photographs: album.*",
        "photographs: sealed_content of photograph",
        "photographs: files of photograph",
    ]


@pytest.mark.parametrize("table", sorted({one.table for one in RETURNABLES}))
def test_no_table_can_be_left_out_of_the_package(table: str) -> None:
    assert uncovered(returnables=[one for one in RETURNABLES if one.table != table]) != []


def test_no_reason_stands_for_something_that_is_returned_or_is_not_erased() -> None:
    for what in NOT_RETURNED:
        others = {one: why for one, why in NOT_RETURNED.items() if one != what}
        assert uncovered(not_returned=others) != [], what


def test_no_column_can_be_left_out_of_a_table() -> None:
    for one in RETURNABLES:
        deleted = any(
            content.table == one.table and not content.columns for kind in LISTED for content in kind.contents
        )
        for column in () if deleted else one.columns:
            less = replace(one, columns={name: label for name, label in one.columns.items() if name != column})
            assert uncovered(returnables=[less if each is one else each for each in RETURNABLES]) != []


def test_a_row_that_goes_whole_is_returned_whole() -> None:
    whole = {content.table for kind in LISTED for content in kind.contents if not content.columns}
    for one in RETURNABLES:
        if one.table in whole:
            columns = {column.name for column in one.model.__table__.columns} - _SILENT
            said = {name for name in columns if not name.endswith(("_by", "_exact", "_last4"))}
            assert said - one.told.keys() == set()


async def test_what_is_called_internal_the_database_never_returns_to_a_merchant(session: AsyncSession) -> None:
    query = text(
        "SELECT tablename FROM pg_policies WHERE policyname = tablename || '_inside' AND permissive = 'RESTRICTIVE'"
    )
    inside = set(await session.scalars(query))
    assert {table for (table, _), why in NOT_RETURNED.items() if why.startswith("代运营方内部")} <= inside
