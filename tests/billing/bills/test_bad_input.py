"""Files that nobody should send: refused with a place and what was expected, in bounded memory, without an exception
of any other kind."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.bills.reading import headings, read
from billing.bills.shapes import BillRefused, Fault
from tests.billing.bills import papers

TEN_MEGABYTES = 10 * 2**20
# What reading one file may take beyond the interpreter itself, in bytes.
MOST_MEMORY = 400 * 2**20

ROW = '2026-11-03,人民币,"{amount}","8,720.00",付软件费,某软件公司,'

_SHEET = "xl/worksheets/sheet1.xml"
_CELLS = '<row r="1"><c r="A1"><v>1</v></c></row>'


def workbook(cells: str = _CELLS, **members: bytes) -> bytes:
    """A workbook whose one sheet has this inside."""
    plain = openpyxl.Workbook()
    plain.active.append([1])
    saved = io.BytesIO()
    plain.save(saved)
    made = io.BytesIO()
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == _SHEET:
                content = content.partition(b"<sheetData>")[0] + f"<sheetData>{cells}</sheetData></worksheet>".encode()
            after.writestr(name, members.pop(name, content))
    return made.getvalue()


def packed(**members: bytes) -> bytes:
    """An archive of these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return made.getvalue()


def folders() -> bytes:
    """An archive without a file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("folder/", b"")
    return made.getvalue()


def far(corner: str) -> bytes:
    """A workbook of two cells, far apart: a sheet that is laid out in memory is as large as what lies between."""
    return workbook(f'{_CELLS}<row><c r="{corner}"><v>2</v></c></row>')


def many_rows() -> bytes:
    return workbook("".join('<row><c t="inlineStr"><is><t>x</t></is></c></row>' for _ in range(1_200_000)))


GARBAGE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "random bytes": lambda: ("x.csv", hashlib.shake_128(b"garbage").digest(TEN_MEGABYTES)),
    "random bytes called a workbook": lambda: ("x.xlsx", hashlib.shake_128(b"more").digest(TEN_MEGABYTES)),
    "one endless line": lambda: ("x.csv", b"a" * TEN_MEGABYTES),
    "one endless line of short cells": lambda: ("x.csv", b"ab," * (TEN_MEGABYTES // 3)),
    "one endless amount": lambda: ("x.csv", papers.bank([ROW.format(amount="9" * 100_000)])),
    "an open quote": lambda: ("x.csv", b'a,"b\n' * (TEN_MEGABYTES // 5)),
    "cells over many lines": lambda: ("x.csv", b'"a\n",' * (TEN_MEGABYTES // 5)),
    "nothing but line ends": lambda: ("x.csv", b"a\n" + b"\n" * TEN_MEGABYTES),
    "two-letter rows": lambda: ("x.csv", b"a\n" * (TEN_MEGABYTES // 2)),
    "nothing but tabs": lambda: ("x.csv", b"\t" * TEN_MEGABYTES + b"a"),
    "deep XML": lambda: ("x.xml", b"<a>" * (TEN_MEGABYTES // 3)),
    "a workbook of deep XML": lambda: ("x.xlsx", workbook("<row>" * (TEN_MEGABYTES // 5))),
    "a workbook whose XML explodes": lambda: ("x.xlsx", workbook(**{_SHEET: _LAUGHS})),
    "a workbook of far corners": lambda: ("x.xlsx", far("XFD1048576")),
    "a workbook of rather far corners": lambda: ("x.xlsx", far("ZZ100000")),
    "a workbook of a million rows": lambda: ("x.xlsx", many_rows()),
    "a workbook that unpacks to a gigabyte": lambda: ("x.xlsx", workbook(f"{_CELLS}{' ' * 2**30}")),
    "an archive that unpacks to a gigabyte": lambda: ("x.zip", packed(a=b"0" * 2**30)),
    "an archive of nothing": lambda: ("x.zip", folders()),
    "an archive of archives": lambda: ("x.zip", packed(a=packed(a=packed(a=b"1")))),
    "an archive of the other sort": lambda: ("x.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    "a picture": lambda: ("x.csv", b"\x89PNG\r\n\x1a\n" + bytes(1000)),
    "a PDF": lambda: ("x.xlsx", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + b"0 obj\n" * 1000),
    "UTF-16 with null characters": lambda: ("x.csv", "﻿日期,金额\n\0,1\n".encode("utf-16")),
    "a UTF-16 that ends in the middle": lambda: ("x.csv", "﻿日期,金额".encode("utf-16")[:-1]),
    "an old workbook's beginning": lambda: ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(TEN_MEGABYTES)),
}

_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "'
    + b"x" * 1000
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 100) for at in range(6))
    + b']><worksheet><sheetData><row><c t="inlineStr"><is><t>&g;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("sort", GARBAGE)
def test_garbage_is_refused_in_bounded_memory(sort: str) -> None:
    """In a process of its own: what one test took would hide what the next takes."""
    name, content = GARBAGE[sort]()
    asked = subprocess.run(
        [sys.executable, "-c", _READER, name], input=content, capture_output=True, check=False, timeout=300
    )
    assert asked.returncode == 0, asked.stderr.decode(errors="replace")[-2000:]
    said, memory = asked.stdout.decode().rsplit("\n", 1)
    assert "行" in said or "：" in said
    assert int(memory) < MOST_MEMORY + 3 * len(content), f"{int(memory) // 2**20} MiB"


# Of this process alone; the program that opens workbooks has bounds of its own.
_READER = """
import resource, sys
from billing.bills.reading import read
from billing.bills.shapes import BillRefused
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(sys.argv[1], content)
except BillRefused as refused:
    print(refused)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, end="")
"""


def faults_of(content: bytes, name: str = "x.csv") -> tuple[Fault, ...]:
    with pytest.raises(BillRefused) as refused:
        read(name, content)
    return refused.value.faults


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.234E+15", "须为以元计的金额"),
        ("(12.50)", "须为以元计的金额"),
        ("12.50-", "须为以元计的金额"),
        ("1,2,3.00", "须为以元计的金额"),
        ("1.234,50", "须为以元计的金额"),
        ("12.345", "金额最多两位小数"),
        ("NaN", "须为以元计的金额"),
        ("٣", "须为以元计的金额"),
        ("1_000", "须为以元计的金额"),
        ("0x10", "须为以元计的金额"),
        ("=1+1", "须为以元计的金额"),
        ("99999999999999999999", "金额须在 100 亿元以内"),
        ("9" * 5000, "金额须在 100 亿元以内"),
    ],
)
def test_an_amount_that_is_none_is_named_with_its_place(amount: str, expected: str) -> None:
    (fault,) = faults_of(papers.bank([ROW.format(amount="-5.00"), ROW.format(amount=amount)]))
    assert (fault.column, fault.expected[: len(expected)]) == ("交易金额", expected)
    assert fault.value.startswith(amount[:20])


@pytest.mark.parametrize("amount", ["-1,280.00", "−1280.00", "－１，２８０．００", "-￥1280", "-1280.0", "-1280元"])
def test_an_amount_is_read_however_a_person_writes_it(amount: str) -> None:
    assert [line.fen for line in read("x.csv", papers.bank([ROW.format(amount=amount)])).lines] == [-128_000]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-30", "2026-02-29", "2026-13-01", "20261", "昨天"])
def test_a_day_that_no_books_know_is_named_with_its_place(day: str) -> None:
    fault = faults_of(papers.bank([ROW.format(amount="5.00").replace("2026-11-03", day)]))[0]
    assert (fault.column, fault.value) == ("记账日期", day)


def test_the_leap_day_is_a_day() -> None:
    (line,) = read("x.csv", papers.bank([ROW.format(amount="5.00").replace("2026-11-03", "2028-02-29")])).lines
    assert (line.on.month, line.on.day) == (2, 29)


_WHOLE = {"x.csv": papers.wechat(), "x.zip": packed(a=papers.alipay()), "x.xlsx": workbook()}


# Each workbook starts a program.
@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(_WHOLE)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=4),
    st.floats(0, 1),
)
def test_a_file_that_was_damaged_on_its_way_is_read_or_refused(
    name: str, damage: list[tuple[float, bytes]], kept: float
) -> None:
    content = bytearray(_WHOLE[name])
    for place, wrong in damage:
        at = int(place * len(content))
        content[at : at + len(wrong)] = wrong
    content = content[: int(kept * len(content)) + 1] if kept < 0.5 else content
    for reading in (read, headings):
        with suppress(BillRefused):
            reading(name, bytes(content))
