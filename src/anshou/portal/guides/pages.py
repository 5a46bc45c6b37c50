"""Help: the guides of the person's own desk first, each a page with its chapters beside it."""

from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.people.person import Person
from anshou.people.roles import AGENCY_ROLES, MERCHANT_ROLES, Role
from anshou.portal.guides.shelf import Guide, picture, shelf
from anshou.portal.pages import language_of, page
from tenants.refusals import N_, NotFound

# What each guide is for, in the order in which they stand. Each desk has its own.
WRITTEN_FOR: Final[dict[str, frozenset[Role]]] = {
    "service": frozenset({Role.SERVICE_AGENT, Role.ACCOUNT_MANAGER, Role.SPECIALIST, Role.SUPERVISOR}),
    "supervisors": frozenset({Role.SUPERVISOR, Role.EXECUTIVE}),
    "finance": frozenset({Role.FINANCE}),
    "administrators": frozenset({Role.AGENCY_ADMIN, Role.EXECUTIVE}),
    "auditors": frozenset({Role.AUDITOR}),
    "reveals": AGENCY_ROLES,
    "merchants": MERCHANT_ROLES,
}
# A merchant who keeps checkpoints reads with the auditors how to check with them.
OF_MERCHANTS = frozenset({"merchants", "auditors"})
OF_AGENCIES = frozenset(WRITTEN_FOR) - {"merchants"}


class GuideNotFound(NotFound):
    """Raised when there is no guide or picture of this name, or it is another desk's."""

    def __init__(self) -> None:
        super().__init__(N_("没有这篇指南"))


@get("/help")
async def guides_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The list: what is written for the person's roles, then the rest."""
    offered = _offered(caller.person, language_of(request).tag)
    own = [guide for guide in offered if caller.person.roles & WRITTEN_FOR[guide.name]]
    return page(request, "guides/list.html", own=own, others=[guide for guide in offered if guide not in own])


@get("/help/{name:str}")
async def guide_page(name: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """One guide. Raises GuideNotFound."""
    offered = _offered(caller.person, language_of(request).tag)
    guide = next((guide for guide in offered if guide.name == name), None)
    if guide is None:
        raise GuideNotFound
    return page(request, "guides/guide.html", guide=guide, others=[other for other in offered if other is not guide])


@get("/help/pictures/{name:str}")
async def guide_picture(name: FromPath[str], request: Asked, caller: NamedDependency[Caller]) -> Response[bytes]:
    """A picture of a guide. Raises GuideNotFound."""
    content = picture(name)
    if content is None:
        raise GuideNotFound
    return Response(content, media_type="image/webp", headers={"cache-control": "private, max-age=3600"})


def _offered(person: Person, language: str) -> list[Guide]:
    written = shelf(language)
    desk = OF_MERCHANTS if person.is_merchant else OF_AGENCIES
    return [written[name] for name in WRITTEN_FOR if name in desk]


GUIDES = [guides_page, guide_page, guide_picture]
