"""Saved views: whose they are, who finds them, and that a row of another's is out of reach however it is asked for."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import ViewNotFound, ViewNotShared, ViewNotYours, ViewUnfit
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.people.saved_views import (
    Arrangement,
    Place,
    SavedView,
    SharedWith,
    canonical,
    change_view,
    find_start,
    forget_view,
    list_views,
    rename_view,
    save_view,
    share_view,
    start_with,
    visible_view,
)
from tests.cast import NOW, Anhe
from tests.people.conftest import Acting

URGENT = Arrangement(query={"tab": "open", "urgency": "urgent"}, columns=("number", "title"), sort="-opened")


async def saved(session: AsyncSession, person: Person, name: str = "加急") -> SavedView:
    return await save_view(session, person, Place.QUEUE, name, URGENT, at=NOW)


async def names(acting: Acting, person: Person) -> list[str]:
    async with acting(person.context()) as session:
        return [view.name for view in await list_views(session, person, Place.QUEUE)]


def test_a_query_is_written_in_one_way() -> None:
    assert canonical({"tab": "open", "kind": "", "merchant": ["a", ""]}) == {"merchant": ["a"], "tab": ["open"]}


async def test_a_view_is_its_owners_until_it_is_shared(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.specialist.context()) as session:
        view = await saved(session, anhe.specialist)
        assert view.query_string() == f"tab=open&urgency=urgent&view={view.id}&sort=-opened&columns=number%2Ctitle"
    assert await names(acting, anhe.specialist) == ["加急"]
    for other in (anhe.supervisor, anhe.account_manager, anhe.executive, anhe.owner):
        assert await names(acting, other) == []
        async with acting(other.context()) as session:
            with pytest.raises(ViewNotFound):
                await visible_view(session, other, view.id)


async def test_a_department_finds_what_one_of_its_people_shares(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.specialist.context()) as session:
        view = await saved(session, anhe.specialist)
        with pytest.raises(ViewNotShared):
            # Two departments are theirs: which is meant has to be said.
            await share_view(session, anhe.specialist, view, SharedWith.DEPARTMENT, at=NOW)
        with pytest.raises(ViewNotShared):
            await share_view(session, anhe.specialist, view, SharedWith.DEPARTMENT, Department.LOGISTICS, at=NOW)
        with pytest.raises(ViewNotShared):
            await share_view(session, anhe.specialist, view, SharedWith.AGENCY, at=NOW)
        await share_view(session, anhe.specialist, view, SharedWith.DEPARTMENT, Department.OPERATIONS, at=NOW)
    assert await names(acting, anhe.supervisor) == ["加急"]
    assert await names(acting, anhe.account_manager) == []


async def test_the_agency_finds_what_a_supervisor_shares_with_it(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.supervisor.context()) as session:
        view = await saved(session, anhe.supervisor, "全员催办")
        await share_view(session, anhe.supervisor, view, SharedWith.AGENCY, at=NOW)
    for other in (anhe.account_manager, anhe.service_agent, anhe.finance):
        assert await names(acting, other) == ["全员催办"]
    assert await names(acting, anhe.owner) == []


async def test_the_front_desk_shares_with_after_sales_service(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.account_manager.context()) as session:
        view = await saved(session, anhe.account_manager)
        await share_view(session, anhe.account_manager, view, SharedWith.DEPARTMENT, at=NOW)
        assert view.department is Department.AFTER_SALES_SERVICE
    assert await names(acting, anhe.service_agent) == ["加急"]
    assert await names(acting, anhe.specialist) == []


async def test_only_its_owner_changes_a_view(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.supervisor.context()) as session:
        view = await saved(session, anhe.supervisor)
        await share_view(session, anhe.supervisor, view, SharedWith.AGENCY, at=NOW)
    other = anhe.account_manager
    async with acting(other.context()) as session:
        found = await visible_view(session, other, view.id)
        with pytest.raises(ViewNotYours):
            await rename_view(session, other, found, "别的", at=NOW)
        with pytest.raises(ViewNotYours):
            await change_view(session, other, found, URGENT, at=NOW)
        with pytest.raises(ViewNotYours):
            await share_view(session, other, found, SharedWith.NOBODY, at=NOW)
        with pytest.raises(ViewNotYours):
            await forget_view(session, other, found)
    async with acting(anhe.executive.context()) as session:
        await forget_view(session, anhe.executive, await visible_view(session, anhe.executive, view.id))
    assert await names(acting, anhe.supervisor) == []


async def test_the_fence_keeps_others_views_whatever_is_asked(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.supervisor.context()) as session:
        await saved(session, anhe.supervisor, "自己的")
        shared = await saved(session, anhe.supervisor, "共享的")
        await share_view(session, anhe.supervisor, shared, SharedWith.AGENCY, at=NOW)
    async with acting(anhe.account_manager.context()) as session:
        assert list(await session.scalars(select(SavedView.name))) == ["共享的"]
        assert (await session.execute(update(SavedView).values(name="改"))).rowcount == 0  # type: ignore[attr-defined]
        assert (await session.execute(delete(SavedView))).rowcount == 0  # type: ignore[attr-defined]
    async with acting(anhe.executive.context()) as session:
        assert list(await session.scalars(select(SavedView.name))) == ["共享的"]
    async with acting(anhe.owner.context()) as session:
        assert list(await session.scalars(select(SavedView.name))) == []


async def test_a_day_begins_with_a_view_as_long_as_it_is_found(anhe: Anhe, acting: Acting) -> None:
    agent = anhe.service_agent
    async with acting(anhe.supervisor.context()) as session:
        view = await saved(session, anhe.supervisor)
        await share_view(session, anhe.supervisor, view, SharedWith.AGENCY, at=NOW)
    async with acting(agent.context()) as session:
        assert await find_start(session, agent) is None
        await start_with(session, agent, await visible_view(session, agent, view.id))
        begun = await find_start(session, agent)
        assert begun is not None
        assert begun.id == view.id
    async with acting(anhe.supervisor.context()) as session:
        own = await visible_view(session, anhe.supervisor, view.id)
        await share_view(session, anhe.supervisor, own, SharedWith.NOBODY, at=NOW)
    async with acting(agent.context()) as session:
        assert await find_start(session, agent) is None
        await start_with(session, agent, None)


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
async def test_a_view_needs_a_name(anhe: Anhe, acting: Acting, name: str) -> None:
    async with acting(anhe.specialist.context()) as session:
        with pytest.raises(ViewUnfit):
            await saved(session, anhe.specialist, name)


async def test_two_views_of_one_person_have_two_names(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.specialist.context()) as session:
        first = await saved(session, anhe.specialist)
        with pytest.raises(ViewUnfit):
            await saved(session, anhe.specialist)
        second = await saved(session, anhe.specialist, "其他")
        with pytest.raises(ViewUnfit):
            await rename_view(session, anhe.specialist, second, "加急", at=NOW)
        await rename_view(session, anhe.specialist, first, "加急", at=NOW)
    assert await names(acting, anhe.specialist) == ["加急", "其他"]


async def test_what_no_address_could_carry_is_not_kept(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.specialist.context()) as session:
        for query in ({"q": "字" * 2000}, {f"f{number}": "x" for number in range(61)}, {"q": "\x00"}):
            with pytest.raises(ViewUnfit):
                await save_view(session, anhe.specialist, Place.QUEUE, "过长", Arrangement(query=query), at=NOW)


MOBILE, IDENTITY, CARD = "13800001234", "11010519491231002X", "6222020000000000000"

NUMBERS = [
    (MOBILE, "手机号"),
    ("１３８００００１２３４", "手机号"),
    ("退款 138 0000 1234 色差", "手机号"),
    ("138-0000-1234", "手机号"),
    ("138－0000－1234", "手机号"),
    ("+86 13800001234", "手机号"),
    ("+8613800001234", "手机号"),
    ("008613800001234", "手机号"),
    (IDENTITY, "身份证号"),
    ("110105 19491231 002x", "身份证号"),
    (CARD, "银行卡号"),
    ("6222 0200 0000 0000 000", "银行卡号"),
]


async def test_no_number_of_a_person_is_kept_in_a_view(anhe: Anhe, acting: Acting) -> None:
    person = anhe.account_manager
    async with acting(person.context()) as session:
        view = await saved(session, person)
        for words, kind in NUMBERS:
            asked = Arrangement(query={"q": words})
            for place in (Place.SEARCH, Place.QUEUE):
                with pytest.raises(ViewUnfit, match=f"搜索词中似有{kind}，请去掉后再保存"):
                    await save_view(session, person, place, "色差", asked, at=NOW)
            with pytest.raises(ViewUnfit, match=f"搜索词中似有{kind}"):
                await change_view(session, person, view, asked, at=NOW)
            with pytest.raises(ViewUnfit, match=f"筛选条件中似有{kind}"):
                await change_view(session, person, view, Arrangement(query={"step": words}), at=NOW)
            with pytest.raises(ViewUnfit, match=f"名称中似有{kind}，请去掉后再保存"):
                await save_view(session, person, Place.SEARCH, words, URGENT, at=NOW)
            with pytest.raises(ViewUnfit, match=f"名称中似有{kind}"):
                await rename_view(session, person, view, words, at=NOW)
    async with acting(person.context()) as session:
        (kept,) = await session.scalars(select(SavedView))
        assert (kept.name, kept.query) == ("加急", canonical(URGENT.query))


async def test_a_view_that_was_kept_with_a_number_is_shared_with_nobody(anhe: Anhe, acting: Acting) -> None:
    person = anhe.supervisor
    async with acting(person.context()) as session:
        view = await saved(session, person)
        view.query = {"q": [MOBILE]}
        await session.flush()
        for shared_with in (SharedWith.AGENCY, SharedWith.DEPARTMENT):
            with pytest.raises(ViewUnfit, match="搜索词中似有手机号"):
                await share_view(session, person, view, shared_with, Department.OPERATIONS, at=NOW)
        view.query, view.name = {"q": ["色差"]}, MOBILE
        with pytest.raises(ViewUnfit, match="名称中似有手机号"):
            await share_view(session, person, view, SharedWith.AGENCY, at=NOW)
        await share_view(session, person, view, SharedWith.NOBODY, at=NOW)


OTHERS = [
    "FW2611-00001",
    # Order numbers of the platforms; the last five have a bank card's check digit.
    "241122-150123456789012",
    "298765432109",
    "240818-499330541130943",
    "3525096829263221293",
    "965701581977996862",
    "6943593940864137992",
    "965033212909919",
    "SF1380000123456",
    "13800.00",
    "¥1,380,000.00",
    "2026-11-22 10:30",
    "尾号 1234",
]


async def test_other_numbers_are_kept(anhe: Anhe, acting: Acting) -> None:
    async with acting(anhe.account_manager.context()) as session:
        for words in OTHERS:
            asked = Arrangement(query={"q": words})
            view = await save_view(session, anhe.account_manager, Place.SEARCH, words, asked, at=NOW)
            assert (view.name, view.query) == (words, {"q": [words]})
