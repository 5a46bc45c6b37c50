"""The form of one move at its own address, and what is typed into forms before it is sent: the same at every desk."""

from collections.abc import Awaitable, Callable

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import wants_fragment
from anshou.portal.ticket_views.drafting import give_up_draft, keep_draft
from anshou.portal.ticket_views.move_forms import show_move, show_refused, submit_move
from anshou.portal.ticket_views.places import Place
from anshou.tickets.drafts import ENTRY
from anshou.tickets.tickets import Ticket
from tenants.refusals import Conflict, Invalid, Refusal

# A desk's own ticket of that number. Raises TicketNotFound for whoever has another desk.
Load = Callable[[Visit, str], Awaitable[Ticket]]
# What one writes to the thread, shown again with why it was not kept.
Unkept = Callable[[Asked, Visit, Ticket, Typed, Refusal], Awaitable[Response[str]]]


def move_pages(place: Place, load: Load, unkept: Unkept) -> tuple[HTTPRouteHandler, ...]:
    """The routes of a desk, whose tickets `load` finds."""

    @get(f"{place.root}/{{number:str}}/moves/{{name:str}}")
    async def move_page(
        number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
    ) -> Response[str]:
        """What must be recorded."""
        return await show_move(request, visit, await load(visit, number), name, place)

    @post(f"{place.root}/{{number:str}}/moves/{{name:str}}", status_code=303)
    async def make_move_page(
        number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
    ) -> Response[str]:
        """Make it, or show the form again with everything typed."""
        return await submit_move(request, visit, await load(visit, number), name, place)

    @post(f"{place.root}/{{number:str}}/drafts/{{name:str}}", status_code=303)
    async def keep_draft_page(
        number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
    ) -> Response[str]:
        """Keep what was typed, or show it again with why that is not done; a page's script still has it before it."""
        ticket = await load(visit, number)
        try:
            return await keep_draft(request, visit, ticket, name, place)
        except (Conflict, Invalid) as refusal:
            if wants_fragment(request):
                raise
            typed = await typed_by(request)
            if name == ENTRY:
                return await unkept(request, visit, ticket, typed, refusal)
            return await show_refused(request, visit, ticket, name, place, typed, refusal)

    @post(f"{place.root}/{{number:str}}/drafts/{{name:str}}/discard", status_code=303)
    async def give_up_draft_page(
        number: FromPath[str], name: FromPath[str], request: Asked, visit: NamedDependency[Visit]
    ) -> Response[str]:
        """Keep it no more."""
        return await give_up_draft(request, visit, await load(visit, number), name, place)

    return move_page, make_move_page, keep_draft_page, give_up_draft_page
