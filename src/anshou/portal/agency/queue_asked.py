"""Which list an address asks for, and the addresses of its neighbours. All that makes a list is in its address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.saved_views import Arrangement
from anshou.portal.agency.queue_columns import Column, chosen
from anshou.portal.agency.queue_fields import NAMES, filters_of
from anshou.portal.query_values import identifier
from anshou.tickets.queue_filters import Filters, knows_inside
from anshou.tickets.queue_orders import Cursor, Order
from anshou.tickets.queue_tabs import Tab, order_of, tabs_of, usual_order

QUEUE = "/tickets"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAsked:
    """A list as it is asked for. `said` is what narrows it as the address says it; `view` is the view it came from."""

    tab: Tab
    said: Mapping[str, str]
    filters: Filters
    columns: tuple[Column, ...]
    has_own_columns: bool
    order: Order
    after: Cursor | None
    view: UUID | None
    zone: ZoneInfo

    def parts(self) -> dict[str, str]:
        """What the list's address says, without the page."""
        parts = {"tab": self.tab.value, **self.said}
        if self.order != usual_order(self.tab):
            parts["sort"] = str(self.order)
        if self.has_own_columns:
            parts["columns"] = ",".join(column.name for column in self.columns)
        if self.view is not None:
            parts["view"] = str(self.view)
        return parts

    def address(self, root: str = QUEUE, /, **changes: str) -> str:
        """The list's address with something changed; an empty value is left out. It leads to the first page."""
        parts = {name: value for name, value in (self.parts() | changes).items() if value}
        return f"{root}?{urlencode(parts)}" if parts else root

    def cleared(self) -> str:
        """The same tab, columns and order, narrowed by nothing."""
        return self.address(**dict.fromkeys(self.said, ""))

    def kept(self, *but: str) -> Iterator[tuple[str, str]]:
        """What a form hands on unseen, but for what it asks itself."""
        return ((name, value) for name, value in self.parts().items() if name not in but)

    def arrangement(self) -> Arrangement:
        """What a view keeps of it."""
        columns = [column.name for column in self.columns] if self.has_own_columns else []
        sort = "" if self.order == usual_order(self.tab) else str(self.order)
        return Arrangement(query={"tab": self.tab.value, **self.said}, columns=columns, sort=sort)


async def read_asked(visit: Visit, asked: Mapping[str, str]) -> QueueAsked:
    """The list that the address asks for; what means nothing changes nothing. Raises CursorInvalid."""
    zone = (await read_settings(visit.session)).zone
    tab = _tab(visit.person, asked)
    names = [name for name in asked.get("columns", "").split(",") if name]
    return QueueAsked(
        tab=tab,
        said={name: asked[name][:100] for name in NAMES if asked.get(name)},
        filters=filters_of(asked, zone),
        columns=chosen(names, knows_inside=knows_inside(visit.person)),
        has_own_columns=bool(names),
        order=order_of(tab, Order.find(asked.get("sort", ""))),
        after=Cursor.read(asked["after"]) if asked.get("after") else None,
        view=identifier(asked.get("view")),
        zone=zone,
    )


def _tab(person: Person, asked: Mapping[str, str]) -> Tab:
    usual = Tab.MINE if allows(person, Permission.READ_TICKETS) else Tab.OPEN
    try:
        tab = Tab(asked.get("tab") or (Tab.ALL if asked.get("q") else usual))
    except ValueError:
        return usual
    return tab if tab in tabs_of(person) else usual
