"""Discreet words: what leaves the portal about a ticket with private products says nothing of what was bought.

Domain.md 7.3: neutral subject lines, sender names and file names, no product name in a notification. A file's name is
typed by whoever sent the file, so it may name the product; outside the ticket it is called by the ticket's number.
"""

import re
from pathlib import PurePath

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import carries_private
from anshou.tickets.attachments import attachments_of
from anshou.tickets.entries import Attachment
from anshou.tickets.tickets import Ticket
from tenants.labels import Labelled
from tenants.refusals import N_

# The last part of a name that says what kind of file it is and nothing else.
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")


class Thing(Labelled):
    """Something that leaves the portal with a name of its own."""

    FILE = "file", N_("附件")
    EXPORT = "export", N_("导出")


def discreet(thing: Thing, number: str, place: int, name: str = "", *, private: bool) -> str:
    """The name by which a thing of the ticket `number` leaves the portal: its own, or a neutral one where private.

    `place` tells several things of one ticket apart, counted from 1; of `name` only the ending stays.
    """
    if not private and name:
        return name
    ending = PurePath(name).suffix.lower()
    return f"{number}-{thing.label}{place}{ending if _ENDING.fullmatch(ending) else ''}"


async def name_outside(session: AsyncSession, ticket: Ticket, attachment: Attachment) -> str:
    """The name under which a file of the ticket leaves the portal: its own, or a neutral one beside private records."""
    if not await carries_private(session, ticket):
        return attachment.name
    places = [one.id for one in await attachments_of(session, ticket)]
    return discreet(Thing.FILE, ticket.number, places.index(attachment.id) + 1, attachment.name, private=True)
