"""What people upload by mistake, and worse, is refused in words or shown for what it is; nothing breaks."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.importing import books
from anshou.tickets.importing.books import MOST_ROWS, Book, read_book
from anshou.tickets.importing.dates import Habits, Rule, read_moment
from anshou.tickets.importing.errors import SheetRefused
from anshou.tickets.importing.headers import find_header, headings_of
from anshou.tickets.importing.intake import begin_import, reason_of, table_of
from tenants.storage import ObjectStorage
from tests.cast import NOW, Anhe
from tests.tickets.importing.ledgers import HEADER, ROWS, workbook

LINE = ",".join(HEADER)
CSV = f"{LINE}\n1,2026-08-06,云杉户外,,天猫,电话,数据,访客掉了一半,是,数据组,,,,,处理中,,,\n"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def made(**options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, [str(cell or "") for cell in ROWS[3]])
    sheet.write_number(1, 1, 44778)
    book.close()
    return out.getvalue()


def far_away() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write(1_048_575, 16_383, "x")
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空"),
        (b" \n \n", "空"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 512, ".xls"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "不是表格"),
        (b"PK\x03\x04broken", ""),
        (zipped(readme=b"no workbook"), ""),
        (far_away(), "过大"),
        (",".join(f"c{place}" for place in range(200)).encode() + b"\n" + b"1," * 199 + b"1\n", "120 列"),
        (b"a,b\n" + b"\xff\xfe\xfa\xfb" * 3 + b",1\n", "编码"),
        (("a,b\n" + "x" * 9000 + ",1\n").encode(), "过长"),
    ],
)
async def test_what_is_no_ledger_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        await read_book("x.xlsx", content)
    assert why in str(refused.value)


async def test_a_ledger_with_too_many_rows_is_refused() -> None:
    with pytest.raises(SheetRefused) as refused:
        await read_book("x.csv", (LINE + "\n" + "1,2026-08-06\n" * (MOST_ROWS + 1)).encode())
    assert "60000" in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_a_text_is_read_in_each_encoding_that_offices_write(encoding: str) -> None:
    book = await read_book("x.csv", CSV.encode(encoding))
    place = find_header(book)
    assert place is not None
    assert headings_of(book.pages[0], place.line)[2] == "商家"


async def test_a_text_with_tabs_is_split_at_tabs() -> None:
    book = await read_book("x.txt", CSV.replace(",", "\t").encode())
    assert len(book.pages[0].rows[0][1]) == len(HEADER)


async def test_a_hidden_sheet_is_not_taken_for_the_ledger() -> None:
    made_book = openpyxl.load_workbook(io.BytesIO(workbook()))
    copy = made_book.copy_worksheet(made_book["台账"])
    copy.title, copy.sheet_state = "旧台账", "hidden"
    for _ in range(20):
        copy.append(["1", "2026-08-06"])
    out = io.BytesIO()
    made_book.save(out)
    place = find_header(await read_book("x.xlsx", out.getvalue()))
    assert place is not None
    assert (place.sheet, place.line) == ("台账", 3)


async def test_day_numbers_since_1904_are_days_since_1904() -> None:
    book = await read_book("x.xlsx", made(date_1904=True))
    assert book.since_1904
    cell = book.pages[0].rows[1][1][1]
    since_1900 = read_moment(cell, Habits())
    since_1904 = read_moment(cell, Habits(since_1904=book.since_1904))
    assert since_1900 is not None
    assert since_1904 is not None
    assert (since_1904.day - since_1900.day).days == 1462
    assert since_1904.rule is Rule.SERIAL


async def test_of_a_formula_only_the_value_is_read() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_formula(1, 0, '=HYPERLINK("http://example.com","x")', value="7")
    book.close()
    read = await read_book("x.xlsx", out.getvalue())
    assert read.pages[0].rows[1][1] == ["7"]


async def test_without_a_header_a_person_chooses(session: AsyncSession, storage: ObjectStorage, anhe: Anhe) -> None:
    batch = await begin_import(session, storage, "x.csv", b"1,2,3\n4,5,6\n", by=anhe.supervisor, at=NOW)
    table = await table_of(session, storage, batch)
    assert "请核对" in reason_of(table)
    assert table.headings == ["1", "2", "3"]


def test_a_book_is_kept_and_read_back_as_it_was() -> None:
    book = Book([books.Page("台账", True, [(3, ["a", ""]), (5, ["b"])])], since_1904=True)
    assert Book.unpacked(book.packed()) == book
