"""Where views are kept: of which list, by whom, and how the pages say it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from anshou.gate.callers import Asked as Request
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.errors import ViewUnfit
from anshou.people.permissions import Permission
from anshou.people.person import Person
from anshou.people.saved_views import Arrangement, Place
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.agency.queue_asked import QUEUE, read_asked
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.query_values import parsed
from anshou.portal.search.asking import Asked
from anshou.portal.search.places import MY_SEARCH, SEARCH
from tenants.refusals import N_, Message

Kept = tuple[Arrangement, str]
"""What is kept of a list, and the list's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the pages of a shelf call things."""

    title: str
    of_list: str
    new: str
    name: str
    hint: str
    saved: str
    deleted: str
    nothing: str
    how: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The views of one list: `root` is the list's address. `arranged` reads what is to be kept from such an address.

    `can_begin` if somebody's day may begin with one of them.
    """

    place: Place
    root: str
    words: Words
    authorize: Callable[[Person], object]
    arranged: Callable[[Visit, str], Awaitable[Kept]]
    around: Callable[[Visit], Awaitable[dict[str, Any]]]
    frame: str = "layout.html"
    can_begin: bool = False

    @property
    def views(self) -> str:
        """The address of the page of these views; what is done with them lies below it."""
        return f"{self.root}/views"


def shelf_of(request: Request, person: Person) -> Shelf:
    """The shelf at whose address something is asked for. Raises what `authorize` raises."""
    shelf = next(one for one in SHELVES if request.url.path.startswith(one.views))
    shelf.authorize(person)
    return shelf


def _staff(person: Person) -> None:
    authorize_at_desk(person, Permission.READ_TICKET_SUMMARY)


async def _list(visit: Visit, address: str) -> Kept:
    asked = await read_asked(visit, parsed(address))
    return asked.arrangement(), asked.address(view="")


async def _search(visit: Visit, address: str, *, root: str = SEARCH) -> Kept:
    zone = (await read_settings(visit.session)).zone
    asked = Asked.read(parsed(address), zone)
    if not asked.words:
        raise ViewUnfit("name", Message(N_("请先搜索，再保存")))
    return Arrangement(query=asked.said), asked.address(root, view="")


async def _my_search(visit: Visit, address: str) -> Kept:
    return await _search(visit, address, root=MY_SEARCH)


async def _nothing_more(visit: Visit) -> dict[str, Any]:
    return {}


async def _own_desk(visit: Visit) -> dict[str, Any]:
    return await acting_for(visit, own_merchant(visit.person, Permission.READ_TICKETS))


_SEARCHES = Words(
    title=N_("保存的搜索"),
    of_list=N_("搜索"),
    new=N_("保存这次搜索"),
    name=N_("搜索名称"),
    hint=N_("保存搜索的内容和筛选条件；打开时重新搜索，总是显示最新的结果。"),
    saved=N_("已保存搜索“%(name)s”。"),
    deleted=N_("已删除搜索“%(name)s”。"),
    nothing=N_("还没有保存的搜索"),
    how=N_("搜索之后，点“保存的搜索”里的“保存这次搜索”，下次不用再输入。"),
    back=N_("回到搜索"),
)

SHELVES = (
    Shelf(
        place=Place.QUEUE,
        root=QUEUE,
        words=Words(
            title=N_("管理视图"),
            of_list=N_("工单队列"),
            new=N_("保存为视图"),
            name=N_("视图名称"),
            hint=N_("保存筛选条件、显示的列和排序；打开时总是显示最新的工单。"),
            saved=N_("已保存视图“%(name)s”。"),
            deleted=N_("已删除视图“%(name)s”。"),
            nothing=N_("还没有保存的视图"),
            how=N_("在工单队列里筛选、排序、选择列之后，点“视图”里的“保存为视图”。"),
            back=N_("回到工单队列"),
        ),
        authorize=_staff,
        arranged=_list,
        around=_nothing_more,
        can_begin=True,
    ),
    Shelf(
        place=Place.SEARCH,
        root=SEARCH,
        words=_SEARCHES,
        authorize=_staff,
        arranged=_search,
        around=_nothing_more,
    ),
    Shelf(
        place=Place.SEARCH,
        root=MY_SEARCH,
        words=_SEARCHES,
        authorize=lambda person: own_merchant(person, Permission.READ_TICKETS),
        arranged=_my_search,
        around=_own_desk,
        frame="merchant/frame.html",
    ),
)

VIEWS = [shelf.views for shelf in SHELVES]
