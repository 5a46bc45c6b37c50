"""Colleagues mentioned in a note are told if they may read it; in what a merchant reads they are names."""

import pytest

from anshou.tickets.kinds import Kind
from anshou.tickets.mentions import MENTIONED, mentions_in, named_in, plain_names, without_signs
from anshou.tickets.timeline import add_note
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("请@林悦看一下", ["林悦"]),
        ("@林悦然，还有＠周敏", ["林悦然", "周敏"]),
        ("写给 a@周.cn 的信", []),
        ("林悦在看", []),
        ("@@林悦", ["林悦"]),
    ],
)
def test_the_longest_name_behind_a_sign_is_meant(said: str, names: list[str]) -> None:
    assert list(named_in(said, {"林悦", "林悦然", "周敏"})) == names


def test_for_a_merchant_the_sign_goes_and_the_name_stays() -> None:
    assert without_signs("由@周敏联系您，邮箱 a@b.cn", ["周敏"]) == "由周敏联系您，邮箱 a@b.cn"


async def test_the_mentioned_are_told_by_a_job_and_those_who_may_not_read_it_are_not(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    ticket = await desk.ticket(cast.account_manager)
    said = "@周敏 @唐磊 @方萍 @高远 @林悦 请看"
    mentions = await mentions_in(desk.session, ticket, said, by=cast.account_manager)
    # The specialist's department does not carry it, finance reads no ticket whole, and nobody tells themselves.
    assert {one.name for one in mentions.told} == {"周敏", "高远"}
    assert {one.name for one in mentions.unable} == {"唐磊", "方萍"}
    entry = await add_note(desk.session, ticket, said, by=cast.account_manager, at=NOW)
    assert sorted(entry.record[MENTIONED]) == ["周敏", "高远"]


async def test_a_text_without_a_sign_asks_nothing(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(desk.cast.account_manager)
    assert not (await mentions_in(desk.session, ticket, "周敏请看", by=desk.cast.account_manager)).told
    assert await plain_names(desk.session, "由@周敏联系") == "由周敏联系"
