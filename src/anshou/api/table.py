"""Every resource of the JSON door: the one list that the door, its document and the tests read."""

from litestar import Router

from anshou.api.resources import (
    attachments,
    clocks,
    moves,
    particulars,
    signing,
    tickets,
    timeline,
    webhooks,
)

RESOURCES: tuple[Router, ...] = (
    tickets.router,
    moves.router,
    signing.router,
    timeline.router,
    attachments.router,
    clocks.router,
    particulars.router,
    webhooks.router,
)
