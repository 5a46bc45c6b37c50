"""Forms made from shapes: every record of every process can be asked for, typed in, and is what was meant."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.prefilled import prefilled, starting_with
from anshou.portal.forms.reading import read
from anshou.portal.forms.shown import Choices, Shown, names, show
from anshou.portal.forms.typed import DROP, MORE, Typed, raw_values, typed_in, without_blank_rows
from anshou.tickets.processes import PROCESSES
from anshou.tickets.records import Record
from tenants.shapes import ShapeInvalid
from tests.tickets.samples import sample

RECORDS = sorted(
    {move.record for process in PROCESSES.values() for move in process.moves}, key=lambda record: record.__name__
)


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    weight: Annotated[int, Meta(ge=1, le=10, title="重量")]
    words: Annotated[str, Meta(min_length=1, title="说明", extra={"widget": "text"})]
    bonus: Annotated[int, Meta(title="比例", extra={"widget": "share"})] = 0


class Thing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, title="名称")]
    at: Annotated[datetime, Meta(tz=True, title="时间")] | None = None
    good: Annotated[bool, Meta(title="好")] = False
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, title="部件")]
    spare: Annotated[Part, Meta(title="备件")] | None = None
    tags: Annotated[tuple[Annotated[str, Meta(max_length=3)], ...], Meta(max_length=3, title="标签")] = ()
    owners: Annotated[tuple[UUID, ...], Meta(title="负责人")] = ()


def sent(**values: str | list[str]) -> Typed:
    def every() -> Iterable[tuple[str, str]]:
        for name, value in values.items():
            for one in [value] if isinstance(value, str) else value:
                yield name, one

    return typed_in(every())


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_what_is_shown_and_sent_back_unchanged_is_the_same_record(record: type[Record]) -> None:
    value = sample(record)
    typed = prefilled(value)
    assert set(typed.values) <= names(show(fields_of(record), typed=typed))
    reading = read(record, typed)
    assert reading.refusal is None
    assert reading.value == value


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_an_empty_form_says_what_is_wrong_beside_its_fields(record: type[Record]) -> None:
    reading = read(record, sent())
    if reading.refusal is None:
        return
    shown = show(fields_of(record), faults=reading.refusal.fields)
    assert set(reading.refusal.fields) <= names(shown)


def test_a_part_left_blank_is_left_out() -> None:
    reading = read(Thing, sent(**{"name": "甲", "parts[0].weight": "3", "parts[0].words": "x", "spare.words": " "}))
    assert reading.value == Thing(name="甲", parts=(Part(weight=3, words="x"),))


def test_blank_rows_are_left_out_and_faults_name_the_rows_as_shown_again() -> None:
    typed = sent(
        **{"name": "甲", "parts[0].words": "", "parts[3].weight": "11", "parts[3].words": "x", "parts[7].weight": "2"}
    )
    reading = read(Thing, typed)
    assert reading.refusal is not None
    assert reading.refusal.fields == {"parts[0].weight": "“重量”不能大于 10"}
    shown = {one.name: one for one in show(fields_of(Thing), typed=reading.typed, faults=reading.refusal.fields)}
    rows = shown["parts"].rows
    assert [[one.value for one in row] for row in rows] == [["11", "x", "0"], ["2", "", "0"]]
    assert rows[0][0].wrong == "“重量”不能大于 10"


def test_another_row_can_be_asked_for_without_scripts() -> None:
    typed = sent(**{"name": "", "parts[0].weight": "1", MORE: "parts"})
    reading = read(Thing, typed)
    assert (reading.value, reading.refusal) == (None, None)
    rows = _parts(reading.typed).rows
    assert [row[0].value for row in rows] == ["1", ""]


def test_a_row_can_be_dropped_without_scripts() -> None:
    typed = sent(**{"parts[0].weight": "1", "parts[1].weight": "2", "parts[2].weight": "3", DROP: "parts[1]"})
    rows = _parts(read(Thing, typed).typed).rows
    assert [(row[0].name, row[0].value) for row in rows] == [("parts[0].weight", "1"), ("parts[1].weight", "3")]


def test_a_time_without_a_zone_is_the_agencys_wall_clock() -> None:
    raw = raw_values(fields_of(Thing), sent(at="2026-11-21T18:00"))
    assert raw["at"] == "2026-11-21T18:00:00+08:00"
    shown = show(fields_of(Thing), typed=starting_with({"at": datetime(2026, 11, 21, 10, tzinfo=UTC)}))
    assert next(one for one in shown if one.name == "at").value == "2026-11-21T18:00"


@pytest.mark.parametrize(("typed", "read_as"), [("33.5", 3350), ("100", 10000), ("0.01 %", 1), ("-8", -800)])
def test_per_cent_are_read_exactly(typed: str, read_as: int) -> None:
    assert raw_values(fields_of(Part), sent(bonus=typed)) == {"bonus": read_as}


@pytest.mark.parametrize("typed", ["33.333", "a third", "1e400", "NaN", "９"])
def test_what_is_no_share_is_refused_in_the_words_of_the_form(typed: str) -> None:
    reading = read(Part, sent(weight="1", words="x", bonus=typed))
    # A full-width nine is a nine to people and to Python alike.
    if typed == "９":
        assert reading.value is not None
        assert reading.value.bonus == 900
    else:
        assert isinstance(reading.refusal, ShapeInvalid)
        assert list(reading.refusal.fields) == ["bonus"]


def test_lines_are_entries_and_ticked_things_are_ids() -> None:
    ids = (UUID(int=1), UUID(int=2))
    typed = sent(
        **{
            "name": "甲",
            "parts[0].weight": "3",
            "parts[0].words": "x",
            "tags": " a\r\n\r\nb ",
            "owners": [*map(str, ids)],
        }
    )
    reading = read(Thing, typed)
    assert reading.value is not None
    assert (reading.value.tags, reading.value.owners) == (("a", "b"), ids)
    assert prefilled(reading.value).one("tags") == "a\nb"


def test_given_choices_make_a_list_and_few_choices_stand_side_by_side() -> None:
    shown = show(fields_of(Thing), choices=Choices(by_name={"name": [("1", "甲")]}))
    assert shown[0].widget == "select"


@given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=10), min_size=1, max_size=3), max_size=8))
def test_nothing_that_is_sent_breaks_the_reading(values: dict[str, list[str]]) -> None:
    typed = Typed(values)
    without_blank_rows(fields_of(Thing), typed)
    reading = read(Thing, typed)
    show(fields_of(Thing), typed=reading.typed, faults=reading.refusal.fields if reading.refusal else {})


PATHS = st.from_regex(
    r"(name|at|good|parts\[\d{1,5}\]\.(weight|words|bonus|)|spare\.weight|_more|_drop)", fullmatch=True
)
WORDS = st.one_of(st.text(max_size=6), st.sampled_from(["parts", "parts[1]", "2026-11-21T18:00", "yes", "3"]))


@given(st.dictionaries(PATHS, st.lists(WORDS, min_size=1, max_size=2), max_size=12))
def test_nothing_that_looks_like_a_form_breaks_the_reading(values: dict[str, list[str]]) -> None:
    reading = read(Thing, Typed(values))
    show(fields_of(Thing), typed=reading.typed, faults=reading.refusal.fields if reading.refusal else {})


def _parts(typed: Typed) -> Shown:
    return next(one for one in show(fields_of(Thing), typed=typed) if one.name == "parts")
