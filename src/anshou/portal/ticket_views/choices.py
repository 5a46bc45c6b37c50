"""What the form of a move lets choose from: colleagues, open measures and duties, files, categories of the kind."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.language import Language
from anshou.people.cards import Colleague, colleagues
from anshou.portal.forms.fields import Field
from anshou.portal.forms.shown import Choices, Options
from anshou.privacy.purposes import open_purposes
from anshou.tickets.attachments import attachments_of
from anshou.tickets.categories import CATEGORIES
from anshou.tickets.kinds import Kind
from anshou.tickets.overview import obligations_of
from anshou.tickets.plans import find_plan, measures_of
from anshou.tickets.tickets import Ticket

# As much of a long text as fits into a list.
CUT = 60


async def choices_for(session: AsyncSession, ticket: Ticket, fields: tuple[Field, ...], language: Language) -> Choices:
    """The choices of every widget among the fields; what no field asks for is not read."""
    wanted = set(_widgets(fields))
    given: dict[str, Options] = {}
    if "person" in wanted:
        given["person"] = [(str(one.id), named(one)) for one in await colleagues(session)]
    if "measure" in wanted:
        given["measure"] = await _open_measures(session, ticket)
    if "obligation" in wanted:
        given["obligation"] = [
            (str(duty.id), f"{language.say(duty.side.label)} · {_cut(duty.duty)}")
            for duty in await obligations_of(session, ticket)
            if duty.performed_on is None
        ]
    if "attachment" in wanted:
        given["attachment"] = [(str(file.id), file.name) for file in await attachments_of(session, ticket)]
    return Choices(by_widget=given, by_name=categories(ticket.kind, language))


def categories(kind: Kind, language: Language) -> dict[str, Options]:
    """The categories of a kind of ticket, for the field of that name."""
    return {"category": [(str(one.value), language.say(one.label)) for one in CATEGORIES[kind]]}


def named(colleague: Colleague) -> str:
    """A colleague as a list shows them."""
    return f"{colleague.name} · {colleague.title}" if colleague.title else colleague.name


async def _open_measures(session: AsyncSession, ticket: Ticket) -> Options:
    plan = await find_plan(session, ticket)
    if plan is None:
        return []
    return [(str(one.id), _cut(one.action)) for one in await measures_of(session, plan) if one.done_at is None]


def _widgets(fields: tuple[Field, ...]) -> list[str]:
    found = []
    for one in fields:
        found += [one.widget, *_widgets(one.parts)]
    return found


def _cut(text: str) -> str:
    first = text.strip().split("\n")[0]
    return first if len(first) <= CUT else f"{first[:CUT]}…"


async def purpose_choices(session: AsyncSession, language: Language) -> list[tuple[str, str]]:
    """The purposes for which something confidential may be shown: code and label."""
    return [(purpose.code, language.say(purpose.label)) for purpose in await open_purposes(session)]
