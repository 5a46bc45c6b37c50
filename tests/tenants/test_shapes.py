"""Values from outside become shapes, or every field says in Chinese what was expected of it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from tenants.refusals import Message
from tenants.shapes import ShapeInvalid, Unfit, accept


class Colour(StrEnum):
    RED = "red"


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    weight: Annotated[int, Meta(ge=1, le=10, title="重量")]

    def __post_init__(self) -> None:
        if self.weight == 7:
            raise Unfit(Message("七不行"), "weight")


class Thing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=3, title="名称")]
    since: Annotated[date, Meta(title="起始日")]
    colour: Annotated[Colour, Meta(title="颜色")] = Colour.RED
    parts: Annotated[list[Part], Meta(max_length=2, title="部件")] = []
    spare: Annotated[Part | None, Meta(title="备件")] = None

    def __post_init__(self) -> None:
        if self.name == "x" and not self.parts:
            raise Unfit(Message("%(name)s 要有部件", name=self.name))


GOOD = {"name": "甲", "since": "2026-11-21"}


def test_what_fits_becomes_the_shape() -> None:
    thing = accept(Thing, {**GOOD, "parts": [{"weight": 3}]})
    assert thing == Thing(name="甲", since=date(2026, 11, 21), parts=[Part(weight=3)])


def test_a_form_sends_numbers_as_strings() -> None:
    raw = {**GOOD, "parts": [{"weight": "3"}]}
    assert accept(Thing, raw, strict=False).parts == [Part(weight=3)]
    with pytest.raises(ShapeInvalid):
        accept(Thing, raw)


def test_every_field_reports_its_own_fault() -> None:
    with pytest.raises(ShapeInvalid) as refused:
        accept(Thing, {"name": "", "colour": "blue", "size": 3})
    assert refused.value.fields == {
        "size": "没有“size”这一项",
        "name": "请填写“名称”",
        "since": "请填写“起始日”",
        "colour": "请从给出的选项里选择“颜色”",
    }


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"name": "甲乙丙丁"}, "name", "“名称”最多 3 个字"),
        ({"name": 5}, "name", "“名称”的内容不对"),
        ({"since": "yesterday"}, "since", "“起始日”须为日期，如 2026-11-21"),
        ({"parts": [{"weight": 0}]}, "parts[0].weight", "“重量”不能小于 1"),
        ({"parts": [{"weight": 1}, {"weight": 11}]}, "parts[1].weight", "“重量”不能大于 10"),
        ({"parts": [{"weight": "many"}]}, "parts[0].weight", "“重量”须为整数"),
        ({"parts": [{}]}, "parts[0].weight", "请填写“重量”"),
        ({"parts": [{"weight": 1, "age": 1}]}, "parts[0].age", "没有“age”这一项"),
        ({"parts": [{"weight": 7}]}, "parts[0].weight", "七不行"),
        ({"parts": [{"weight": 1}] * 3}, "parts", "“部件”最多 2 项"),
        ({"spare": {"weight": 0}}, "spare.weight", "“重量”不能小于 1"),
        ({"name": "x"}, "", "x 要有部件"),
    ],
)
def test_a_fault_names_its_path_and_its_label(change: dict[str, object], path: str, said: str) -> None:
    with pytest.raises(ShapeInvalid) as refused:
        accept(Thing, {**GOOD, **change})
    assert refused.value.fields == {path: said}


def test_a_fault_can_be_said_in_another_language() -> None:
    english = {
        "“%(label)s”不能小于 %(bound)s": "%(label)s must be at least %(bound)s",
        "重量": "Weight",
        "请检查填写的内容：%(first)s": "Check what you entered: %(first)s",
    }
    with pytest.raises(ShapeInvalid) as refused:
        accept(Thing, {**GOOD, "parts": [{"weight": 0}]})
    assert refused.value.field_texts(lambda text: english[text]) == {"parts[0].weight": "Weight must be at least 1"}
    assert refused.value.text(lambda text: english[text]) == "Check what you entered: Weight must be at least 1"
