"""Saved views: a list as somebody narrowed, ordered and arranged it, under a name, for themselves or shared.

A view is a question and never an answer: whoever opens it asks in their own name and gets what they reach. What the
names and values of its query mean is the place's own business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.errors import ViewNotFound, ViewNotShared, ViewNotYours, ViewUnfit
from anshou.people.kept_words import require_nobodys_name, require_nobodys_query
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department, Role
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.prepared import among, entities
from tenants.refusals import N_, Message

LONGEST_NAME = 40

# Nobody chooses among more, and an address with more is no person's.
MOST_VIEWS = 50
MOST_NAMES = 60
LONGEST_QUERY = 4000

Query = dict[str, list[str]]


class Place(Labelled):
    """The list that a view is of."""

    QUEUE = "queue", N_("工单队列")
    SEARCH = "search", N_("搜索")
    MEASURES = "measures", N_("统计")


class SharedWith(Labelled):
    """Who finds a view besides its owner."""

    NOBODY = "nobody", N_("仅自己")
    DEPARTMENT = "department", N_("本部门")
    AGENCY = "agency", N_("全公司")


class SavedView(Row, Base):
    """A view of its owner `account_id`. `query` is canonical: lists of texts by name, without columns and sort."""

    __tablename__ = "saved_view"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    place: Mapped[Place]
    name: Mapped[str]
    shared_with: Mapped[SharedWith]
    department: Mapped[Department | None]
    query: Mapped[dict[str, Any]]
    columns: Mapped[list[str]]
    sort: Mapped[str]
    position: Mapped[int]
    saved_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    def query_string(self) -> str:
        """The view as the query string of its place, its own id included."""
        asked: Query = {**self.query, "view": [str(self.id)]}
        if self.sort:
            asked["sort"] = [self.sort]
        if self.columns:
            asked["columns"] = [",".join(self.columns)]
        return urlencode(asked, doseq=True)


class StartView(Base):
    """With which view a person's day begins."""

    __tablename__ = "start_view"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    view_id: Mapped[UUID] = mapped_column(ForeignKey("saved_view.id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What a view keeps of a list: what narrows it, which columns in which order, sorted by what ("" as usual)."""

    query: Mapping[str, str | Sequence[str]]
    columns: Sequence[str] = ()
    sort: str = ""


def canonical(query: Mapping[str, str | Sequence[str]]) -> Query:
    """The one way to write a query: names in order, every value a list, nothing that is empty."""
    lists = {name: [value] if isinstance(value, str) else list(value) for name, value in sorted(query.items())}
    return {name: kept for name, values in lists.items() if (kept := [value for value in values if value])}


def departments_of(person: Person) -> frozenset[Department]:
    """The departments whose views a person shares: those of their grants, and where their other roles belong."""
    belonging: set[Department] = set(person.departments)
    if not person.roles.isdisjoint(ASSIGNED_ROLES):
        belonging.add(Department.AFTER_SALES_SERVICE)
    if person.has(Role.FINANCE):
        belonging.add(Department.FINANCE)
    if person.has(Role.EXECUTIVE):
        belonging.add(Department.MANAGEMENT)
    return frozenset(belonging)


_of_place = select(SavedView).where(SavedView.place == bindparam("place")).order_by(SavedView.name, SavedView.id)
_is_own = SavedView.account_id == bindparam("account_id")
_OWN = entities(_of_place.where(_is_own))
_FOUND = entities(
    _of_place.where(
        or_(
            _is_own,
            SavedView.shared_with == SharedWith.AGENCY,
            among(SavedView.department.expression, "departments"),
        )
    )
)


async def list_views(session: AsyncSession, person: Person, place: Place) -> list[SavedView]:
    """The person's own views as they arranged them, then those shared with them by name."""
    found = _OWN if person.is_merchant else _FOUND
    departments = sorted(departments_of(person))
    views = await found.all(session, place=place, account_id=person.id, departments=departments)
    own = sorted((view for view in views if view.account_id == person.id), key=lambda view: view.position)
    return own + [view for view in views if view.account_id != person.id]


async def visible_view(session: AsyncSession, person: Person, view_id: UUID) -> SavedView:
    """A view that the person owns or that is shared with them. Raises ViewNotFound."""
    query = select(SavedView).where(SavedView.id == view_id, _found_by(person))
    view = (await session.scalars(query)).one_or_none()
    if view is None:
        raise ViewNotFound
    return view


async def save_view(
    session: AsyncSession,
    person: Person,
    place: Place,
    name: str,
    arrangement: Arrangement,
    *,
    at: datetime,
) -> SavedView:
    """Keep an arrangement under a name, for nobody else at first. Raises ViewUnfit."""
    own = select(SavedView).where(SavedView.account_id == person.id, SavedView.place == place)
    held = list(await session.scalars(own))
    if len(held) >= MOST_VIEWS:
        raise ViewUnfit("name", Message(N_("已保存 %(most)s 个，请先删除不用的"), most=MOST_VIEWS))
    view = SavedView(
        account_id=person.id,
        place=place,
        name=_name(name, held),
        shared_with=SharedWith.NOBODY,
        department=None,
        position=max((one.position for one in held), default=0) + 1,
        saved_at=at,
        **_kept(arrangement, at),
    )
    session.add(view)
    await session.flush()
    return view


async def change_view(
    session: AsyncSession, person: Person, view: SavedView, arrangement: Arrangement, *, at: datetime
) -> None:
    """Keep another arrangement under the view's name; whom it is shared with stays. Raises ViewNotYours, ViewUnfit."""
    _own(view, person)
    for name, value in _kept(arrangement, at).items():
        setattr(view, name, value)
    await session.flush()


async def rename_view(session: AsyncSession, person: Person, view: SavedView, name: str, *, at: datetime) -> None:
    """Call it something else. Raises ViewNotYours, ViewUnfit."""
    _own(view, person)
    others = select(SavedView).where(
        SavedView.account_id == person.id, SavedView.place == view.place, SavedView.id != view.id
    )
    view.name = _name(name, list(await session.scalars(others)))
    view.changed_at = at
    await session.flush()


async def share_view(
    session: AsyncSession,
    person: Person,
    view: SavedView,
    shared_with: SharedWith,
    department: Department | None = None,
    *,
    at: datetime,
) -> None:
    """Let others find it, or nobody any more: the people of one's own department, or the agency's.

    Raises ViewNotYours, ViewNotShared for what the person may not share so, and ViewUnfit for a view with a number of
    a person, which may have been kept before such were refused.
    """
    _own(view, person)
    if shared_with is not SharedWith.NOBODY:
        require_nobodys_name(view.name)
        require_nobodys_query(view.query)
    if shared_with is SharedWith.AGENCY and not allows(person, Permission.SHARE_VIEWS):
        raise ViewNotShared(N_("您不能把视图共享给全公司。"))
    if shared_with is SharedWith.DEPARTMENT:
        belonging = departments_of(person)
        if department is None and len(belonging) == 1:
            (department,) = belonging
        if person.is_merchant or department not in belonging:
            raise ViewNotShared(N_("视图只能共享给您所在的部门。"))
    view.shared_with = shared_with
    view.department = department if shared_with is SharedWith.DEPARTMENT else None
    view.changed_at = at
    await session.flush()


async def forget_view(session: AsyncSession, person: Person, view: SavedView) -> None:
    """Delete it: one's own, or what somebody shares with the agency, by who may share so too. Raises ViewNotYours."""
    if not may_forget(person, view):
        raise ViewNotYours
    await session.delete(view)
    await session.flush()


def may_forget(person: Person, view: SavedView) -> bool:
    """Whether the person may delete the view."""
    if view.account_id == person.id:
        return True
    shared = view.shared_with is not SharedWith.NOBODY
    return shared and not person.is_merchant and allows(person, Permission.SHARE_VIEWS)


async def start_with(session: AsyncSession, person: Person, view: SavedView | None) -> None:
    """Begin the day with a view that the person finds, or as usual."""
    if view is None:
        await session.execute(delete(StartView).where(StartView.account_id == person.id))
        return
    begun = insert(StartView).values(account_id=person.id, view_id=view.id)
    await session.execute(begun.on_conflict_do_update(index_elements=["account_id"], set_={"view_id": view.id}))


async def find_start(session: AsyncSession, person: Person) -> SavedView | None:
    """The view that the person's day begins with; None when there is none, or it is no longer shared with them."""
    query = (
        select(SavedView)
        .join(StartView, StartView.view_id == SavedView.id)
        .where(StartView.account_id == person.id, _found_by(person))
    )
    return (await session.scalars(query)).one_or_none()


def _found_by(person: Person) -> ColumnElement[bool]:
    # Said here besides the policy, which does not know departments.
    own = SavedView.account_id == person.id
    if person.is_merchant:
        return own
    departments = sorted(departments_of(person))
    shared = [SavedView.shared_with == SharedWith.AGENCY, SavedView.department.in_(departments)]
    return or_(own, *shared) if departments else or_(own, shared[0])


def _own(view: SavedView, person: Person) -> None:
    if view.account_id != person.id:
        raise ViewNotYours


def _name(name: str, others: Sequence[SavedView]) -> str:
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise ViewUnfit("name", Message(N_("请填写名称，最多 %(longest)s 个字"), longest=LONGEST_NAME))
    if called in {one.name for one in others}:
        raise ViewUnfit("name", Message(N_("您已用过这个名称，请换一个")))
    require_nobodys_name(called)
    return called


def _kept(arrangement: Arrangement, at: datetime) -> dict[str, object]:
    query, columns = canonical(arrangement.query), list(dict.fromkeys(arrangement.columns))
    said = urlencode(query, doseq=True) + ",".join(columns) + arrangement.sort
    # A text without U+0000 is all that the database keeps.
    if len(query) > MOST_NAMES or len(said) > LONGEST_QUERY or "%00" in said or "\x00" in said:
        raise ViewUnfit("query", Message(N_("筛选条件过多，无法保存")))
    require_nobodys_query(query)
    return {"query": query, "columns": columns, "sort": arrangement.sort, "changed_at": at}
