"""The files that are handed out, read back by another program."""

import json
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshou.privacy.disclosures.kinds import Format
from anshou.privacy.disclosures.sheets import WITHHELD, Mark, Sheet, write

MARK = Mark(
    recipient="安速物流",
    purpose="破损包裹理赔",
    consent="DW2611-00001",
    exported_by="林悦",
    exported_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
)
FORMULAS = ["=1+1", "=cmd|' /C calc'!A0", "+86 138", "-1", "@SUM(A1)", "\t=1", "https://example.test/", "0012"]


def sheet(*rows: dict[str, str | None]) -> Sheet:
    """A table of names and phones."""
    return Sheet(
        table="consumer_record",
        label="消费者记录",
        columns=[("name", "姓名"), ("phone", "电话")],
        rows=[("FW2611-00001", UUID(int=place), row) for place, row in enumerate(rows, start=1)],
    )


def cells(content: bytes) -> list[list[openpyxl.cell.cell.Cell]]:
    """The rows of the first sheet below watermark and heads."""
    book = openpyxl.load_workbook(BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows(min_row=3)]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_stays_text_also_after_somebody_edits_the_cell(text: str) -> None:
    ((_, name, _),) = cells(write(Format.XLSX, MARK, [sheet({"name": text, "phone": None})]))
    assert (name.data_type, name.value) == ("s", text)
    assert name.hyperlink is None
    assert name.quotePrefix


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40), max_size=5))
def test_texts_come_back_as_they_went_in(texts: list[str]) -> None:
    made = write(Format.XLSX, MARK, [sheet(*({"name": text, "phone": "1"} for text in texts))])
    assert [row[1].value or "" for row in cells(made)] == texts


def test_the_first_row_says_for_whom_for_what_and_under_which_consent() -> None:
    book = openpyxl.load_workbook(BytesIO(write(Format.XLSX, MARK, [sheet({"name": "张三", "phone": None})])))
    (page,) = book.worksheets
    watermark = page["A1"].value
    assert all(words in watermark for words in ("安速物流", "破损包裹理赔", "DW2611-00001", "林悦"))
    assert page.print_title_rows == "$1:$2"
    assert page.title == "DW2611-00001-1"


def test_what_is_withheld_says_so_and_what_was_not_recorded_is_empty() -> None:
    ((_, name, phone),) = cells(write(Format.XLSX, MARK, [sheet({"phone": None})]))
    assert (name.value, phone.value or "") == (WITHHELD, "")


def test_json_holds_the_same_and_names_what_was_withheld() -> None:
    file = json.loads(write(Format.JSON, MARK, [sheet({"phone": "138"})]))
    assert file["notice"] == MARK.sentence
    (table,) = file["tables"]
    assert table["records"] == [{"ticket": "FW2611-00001", "id": str(UUID(int=1)), "phone": "138"}]
    assert table["withheld"] == {str(UUID(int=1)): ["name"]}
