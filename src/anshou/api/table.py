"""Every resource of the JSON door: the one list that the door, its document and the tests read."""

from litestar import Router

from anshou.api.resources import (
    attachments,
    calendars,
    clocks,
    contacts,
    contracts,
    invitations,
    jobs,
    keys,
    limits,
    me,
    merchants,
    moves,
    notices,
    particulars,
    people,
    shops,
    signing,
    tickets,
    timeline,
    webhooks,
)

RESOURCES: tuple[Router, ...] = (
    tickets.router,
    moves.router,
    signing.router,
    particulars.router,
    timeline.router,
    attachments.router,
    clocks.router,
    merchants.router,
    shops.router,
    contacts.router,
    contracts.router,
    people.router,
    invitations.router,
    limits.router,
    calendars.router,
    me.router,
    notices.router,
    keys.router,
    webhooks.router,
    jobs.router,
)
