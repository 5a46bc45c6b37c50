"""What a consent covers, whatever is in it and whatever somebody would export."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshou.privacy.disclosures.coverage import Wanted, everything, require_cover
from anshou.privacy.disclosures.documents import CoveredFile, Document
from anshou.privacy.disclosures.errors import NotCovered
from anshou.privacy.disclosures.kinds import EndSort, Part
from tests.privacy.disclosures.papers import BEGIN, END, MIDST, consent, document, table

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
FILE = CoveredFile(id=UUID(int=9), ticket="FW2611-00001", sha256="a" * 64, size=10)
PAPER = document(
    table("consumer_record", {"name": False, "phone": False, "identity": True}, {ONE: False, TWO: True}), files=[FILE]
)
BOTH = (Part.GENERAL, Part.SENSITIVE)


def wanted(**changes: Any) -> Wanted:
    """The names and phones of both records."""
    given: dict[str, Any] = {
        "recipient": "安速物流",
        "purpose": "理赔",
        "fields": {"consumer_record": frozenset({"name", "phone"})},
        "rows": {"consumer_record": frozenset({ONE, TWO})},
    }
    return Wanted(**(given | changes))


def test_without_the_separate_consent_sensitive_records_and_fields_stay_out() -> None:
    (allowed,) = require_cover(consent(PAPER), everything(PAPER), at=MIDST)
    assert allowed.cells == {ONE: {"name", "phone"}, TWO: frozenset()}
    assert allowed.wanted == 6


def test_with_the_separate_consent_they_are_in() -> None:
    (allowed,) = require_cover(consent(PAPER, signed=BOTH), everything(PAPER), at=MIDST)
    assert allowed.cells == {ONE: {"name", "phone", "identity"}, TWO: {"name", "phone", "identity"}}


def test_once_the_separate_consent_is_withdrawn_they_are_out_again() -> None:
    halved = consent(PAPER, signed=BOTH, ended={Part.SENSITIVE: EndSort.WITHDRAWN})
    (allowed,) = require_cover(halved, everything(PAPER), at=MIDST)
    assert allowed.cells[TWO] == frozenset()


def test_an_export_of_nothing_but_sensitive_cells_is_refused_for_them() -> None:
    with pytest.raises(NotCovered, match="单独同意"):
        require_cover(consent(PAPER), wanted(rows={"consumer_record": frozenset({TWO})}), at=MIDST)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"recipient": "别家物流"}, "接收方"),
        ({"purpose": "营销"}, "目的"),
        ({"fields": {"consumer_record": frozenset({"name", "address"})}}, "1 个字段"),
        ({"fields": {"bank_account": frozenset({"number"})}}, "1 个字段"),
        ({"rows": {"consumer_record": frozenset({ONE, THREE})}}, "1 条记录"),
        ({"rows": {"bank_account": frozenset({ONE})}}, "1 条记录"),
        ({"files": frozenset({THREE})}, "1 个附件"),
    ],
)
def test_what_is_not_covered_is_named(changes: dict[str, Any], missing: str) -> None:
    with pytest.raises(NotCovered) as refused:
        require_cover(consent(PAPER, signed=BOTH), wanted(**changes), at=MIDST)
    assert len(refused.value.missing) == 1
    assert missing in refused.value.missing[0]


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(NotCovered) as refused:
        require_cover(consent(PAPER), wanted(recipient="别家物流", purpose="营销"), at=END)
    assert [part in str(refused.value) for part in ("已到期", "接收方", "目的")] == [True] * 3


@pytest.mark.parametrize("sort", list(EndSort))
def test_a_consent_that_ended_covers_nothing(sort: EndSort) -> None:
    with pytest.raises(NotCovered, match=sort.label):
        require_cover(consent(PAPER, signed=BOTH, ended={Part.GENERAL: sort}), wanted(), at=MIDST)


@pytest.mark.parametrize("at", [BEGIN - timedelta(microseconds=1), END])
def test_a_consent_covers_nothing_outside_its_time(at: Any) -> None:
    with pytest.raises(NotCovered):
        require_cover(consent(PAPER, signed=BOTH), wanted(), at=at)


def test_a_request_that_nobody_signed_covers_nothing() -> None:
    for signed in ((), (Part.SENSITIVE,)):
        with pytest.raises(NotCovered, match="待商家签署"):
            require_cover(consent(PAPER, signed=signed), wanted(), at=MIDST)


COLUMNS, IDS = st.sampled_from("abcdef"), st.integers(1, 6).map(lambda number: UUID(int=number))
TABLES = st.sampled_from(["consumer_record", "bank_account"])
PAPERS = st.builds(
    lambda tables: document(*(table(name, fields, rows) for name, (fields, rows) in tables.items())),
    st.dictionaries(
        TABLES,
        st.tuples(st.dictionaries(COLUMNS, st.booleans(), min_size=1), st.dictionaries(IDS, st.booleans(), min_size=1)),
        min_size=1,
    ),
)
WISHES = st.builds(
    Wanted,
    recipient=st.sampled_from(["安速物流", "别家物流"]),
    purpose=st.sampled_from(["理赔", "营销"]),
    fields=st.dictionaries(TABLES, st.frozensets(COLUMNS)),
    rows=st.dictionaries(TABLES, st.frozensets(IDS)),
)
PARTS = st.sampled_from([(), (Part.GENERAL,), BOTH, (Part.SENSITIVE,)])
ENDS = st.dictionaries(st.sampled_from(Part), st.sampled_from(EndSort), max_size=2)
INSTANTS = st.datetimes(
    (BEGIN - timedelta(days=9)).replace(tzinfo=None), (END + timedelta(days=9)).replace(tzinfo=None)
).map(lambda at: at.replace(tzinfo=BEGIN.tzinfo))


@given(PAPERS, WISHES, PARTS, ENDS, INSTANTS)
def test_no_cell_leaves_that_is_not_signed_for(
    paper: Document, wish: Wanted, signed: tuple[Part, ...], ended: dict[Part, EndSort], at: Any
) -> None:
    try:
        allowed = require_cover(consent(paper, signed=signed, ended=ended), wish, at=at)
    except NotCovered:
        return
    assert Part.GENERAL in signed
    assert Part.GENERAL not in ended
    assert BEGIN <= at < END
    separate = Part.SENSITIVE in signed and Part.SENSITIVE not in ended
    signed_for = {
        (one.table, row.id, field.column)
        for one in paper.tables
        for row in one.rows
        for field in one.fields
        if separate or not (row.sensitive or field.sensitive)
    }
    leaving = {(one.table.table, row, name) for one in allowed for row, names in one.cells.items() for name in names}
    assert leaving <= signed_for
    assert {(name, row) for name, row, _ in leaving} <= {(name, row) for name in wish.rows for row in wish.rows[name]}
    assert all(column in wish.fields[name] for name, _, column in leaving)


@given(PAPERS)
def test_all_that_is_signed_for_leaves_when_everything_is_wanted(paper: Document) -> None:
    allowed = require_cover(consent(paper, signed=BOTH), everything(paper), at=MIDST)
    leaving = {(one.table.table, row, name) for one in allowed for row, names in one.cells.items() for name in names}
    assert leaving == {
        (one.table, row.id, field.column) for one in paper.tables for row in one.rows for field in one.fields
    }


def test_a_text_reads_back_as_what_it_was() -> None:
    assert msgspec.json.decode(consent(PAPER).disclosure.document, type=Document) == PAPER
