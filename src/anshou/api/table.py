"""Every resource of the JSON door: the one list that the door, its document and the tests read."""

from litestar import Router

from anshou.api.resources import webhooks

RESOURCES: tuple[Router, ...] = (webhooks.router,)
