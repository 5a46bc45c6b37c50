"""Canned answers: whose they are, who keeps them, and what stands for what when one is put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.canned_answers import (
    AGENCY,
    OWN,
    AnswerNotFound,
    CannedAnswer,
    Given,
    forget_answer,
    list_answers,
    visible_answer,
    write_answer,
)
from anshou.tickets.placeholders import (
    Placeholder,
    PlaceholderUnfilled,
    PlaceholderUnknown,
    fill,
    require_filled,
    require_known,
)
from tests.cast import NOW, Anhe, settle
from tests.conftest import ActAs

OPERATIONS = Department.OPERATIONS.value


@pytest.fixture
async def anhe(session: AsyncSession) -> Anhe:
    return await settle(session)


async def write(session: AsyncSession, act_as: ActAs, by: Person, title: str, whose: str) -> CannedAnswer:
    await act_as(by.context())
    return await write_answer(session, Given(title=title, whose=whose, body="您好，{商家}"), by=by, at=NOW)


async def seen(session: AsyncSession, act_as: ActAs, person: Person) -> set[str]:
    await act_as(person.context())
    return {answer.title for answer in await list_answers(session, person)}


async def test_each_sees_their_own_their_departments_and_the_agencys(
    session: AsyncSession, act_as: ActAs, anhe: Anhe
) -> None:
    await write(session, act_as, anhe.account_manager, "我的", OWN)
    await write(session, act_as, anhe.supervisor, "业务部", OPERATIONS)
    await write(session, act_as, anhe.admin, "全公司", AGENCY)
    assert await seen(session, act_as, anhe.account_manager) == {"我的", "全公司"}
    assert await seen(session, act_as, anhe.specialist) == {"业务部", "全公司"}
    assert await seen(session, act_as, anhe.executive) == {"全公司"}
    for nobody in (anhe.finance, anhe.auditor, anhe.owner):
        with pytest.raises(PermissionMissing):
            await seen(session, act_as, nobody)


async def test_a_persons_own_are_in_nobody_elses_database(session: AsyncSession, act_as: ActAs, anhe: Anhe) -> None:
    mine = await write(session, act_as, anhe.account_manager, "我的", OWN)
    own_id = mine.id
    for other in (anhe.executive, anhe.service_agent, anhe.admin, anhe.owner):
        await act_as(other.context())
        assert await session.scalar(select(func.count()).select_from(CannedAnswer)) == 0, other.name
    await act_as(anhe.service_agent.context())
    with pytest.raises(AnswerNotFound):
        await visible_answer(session, anhe.service_agent, own_id)


async def test_a_departments_are_its_supervisors_and_the_agencys_whose_they_are(
    session: AsyncSession, act_as: ActAs, anhe: Anhe
) -> None:
    for person, whose in (
        (anhe.specialist, OPERATIONS),
        (anhe.account_manager, AGENCY),
        (anhe.supervisor, Department.LOGISTICS.value),
        (anhe.executive, AGENCY),
    ):
        with pytest.raises(PermissionMissing):
            await write(session, act_as, person, "越权", whose)
    shared = await write(session, act_as, anhe.supervisor, "部门", OPERATIONS)
    await act_as(anhe.specialist.context())
    answer = await visible_answer(session, anhe.specialist, shared.id)
    with pytest.raises(PermissionMissing):
        await forget_answer(session, answer, by=anhe.specialist, at=NOW)
    with pytest.raises(PermissionMissing):
        # Taking a shared one for oneself takes it from the others.
        await write_answer(
            session, Given(title="我的", whose=OWN, body="x"), by=anhe.specialist, at=NOW, instead=answer
        )


def test_what_is_known_is_put_in_and_the_rest_is_named() -> None:
    filled = fill(
        '{商家}您好，｛负责人｝在 {时限} 前答复，{ 时限 }，{天气}。{"json": 1}', {Placeholder.MERCHANT: "云杉"}
    )
    assert filled.text == '云杉您好，｛负责人｝在 {时限} 前答复，{ 时限 }，{天气}。{"json": 1}'
    assert filled.missing == ("负责人", "时限", "天气")


def test_an_unknown_placeholder_is_not_kept_and_one_left_over_not_sent() -> None:
    require_known("body", "{商家} {json}")
    with pytest.raises(PlaceholderUnknown):
        require_known("body", "{商户名}")
    require_filled("没有", '{"code": 1}', "{abc}")
    with pytest.raises(PlaceholderUnfilled) as refused:
        require_filled("请于 {时限} 前", "{负责人}")
    assert refused.value.params["names"] == "{时限}、{负责人}"


@given(st.text(alphabet="{}｛｝商家时限a ", max_size=40), st.text(min_size=1, max_size=8))
def test_filling_never_raises_and_what_it_names_is_what_is_refused(body: str, merchant: str) -> None:
    filled = fill(body, {Placeholder.MERCHANT: merchant.replace("{", "").replace("｛", "") or "云"})
    if filled.missing:
        with pytest.raises(PlaceholderUnfilled):
            require_filled(filled.text)
