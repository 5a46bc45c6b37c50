"""Which files the browser gets, and where each comes from.

Icons are those of the Tabler set by their names there; a template that asks for one that is not listed fails when it is
rendered, so the list and the pages cannot drift apart unseen.
"""

from typing import NamedTuple


class Source(NamedTuple):
    """A file to publish: the name that templates use, and its path under `node_modules` or the `look` directory."""

    name: str
    path: str


PACKAGED = (
    Source("htmx.js", "htmx.org/dist/htmx.min.js"),
    Source("echarts.js", "echarts/dist/echarts.simple.min.js"),
)

# In a cascade layer of its own, so that a plain rule of ours beats any of its selectors.
LAYERED = Source("tabler.css", "@tabler/core/dist/css/tabler.min.css")

# One file to the browser, several to the reader; the order is that of the cascade.
STYLES = (
    "tokens.css",
    "shell.css",
    "parts.css",
    "forms.css",
    "ticket.css",
    "search.css",
    "board.css",
    "day.css",
    "first_steps.css",
    "merchant.css",
    "administration.css",
    "papers.css",
    "costs.css",
    "closing.css",
    "ledger.css",
    "statements.css",
    "finance.css",
    "imports.css",
    "reconciliation.css",
    "reports.css",
    "performance.css",
    "reveals.css",
    "guides.css",
    "queue.css",
)
STYLE_SHEET = "anshou.css"

OWN = (
    Source("dark.css", "styles/dark.css"),
    Source("anshou.js", "anshou.js"),
    Source("unsent.js", "unsent.js"),
    Source("outliving.js", "outliving.js"),
    # On pages with plots.
    Source("chart_picture.js", "chart_picture.js"),
    Source("plots.js", "plots.js"),
    Source("measures.js", "measures.js"),
    # On the desk of reconciliation alone.
    Source("bench.js", "bench.js"),
    Source("live.js", "live.js"),
    Source("times.js", "times.js"),
    Source("queue.js", "queue.js"),
    Source("waiting.js", "waiting.js"),
    Source("keys.js", "keys.js"),
    # On the pages of a ticket.
    Source("drafts.js", "drafts.js"),
    Source("following.js", "following.js"),
    Source("inserting.js", "inserting.js"),
    Source("pictures.js", "pictures.js"),
    Source("presence.js", "presence.js"),
    # On the team board alone.
    Source("board.js", "board.js"),
    Source("favicon.svg", "favicon.svg"),
)

ICON_SHEET = "icons.svg"
ICON_DIRECTORY = "@tabler/icons/icons/outline"

ICONS = (
    "adjustments",
    "alert-circle",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "arrows-exchange",
    "arrows-split",
    "at",
    "bell",
    "book",
    "bookmark",
    "building",
    "building-store",
    "calendar",
    "calendar-event",
    "chart-bar",
    "chart-line",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "clock",
    "clock-exclamation",
    "clock-pause",
    "copy",
    "device-desktop",
    "dots",
    "download",
    "edit",
    "external-link",
    "eye",
    "eye-off",
    "file",
    "file-text",
    "filter",
    "flag",
    "gavel",
    "git-merge",
    "help-circle",
    "history",
    "hourglass",
    "inbox",
    "info-circle",
    "key",
    "keyboard",
    "language",
    "layout-kanban",
    "link",
    "list-details",
    "lock",
    "logout",
    "mail",
    "menu-2",
    "message",
    "message-2",
    "moon",
    "notes",
    "paperclip",
    "pencil",
    "phone",
    "photo",
    "plus",
    "printer",
    "qrcode",
    "receipt",
    "refresh",
    "report-money",
    "scale",
    "search",
    "send",
    "settings",
    "shield-check",
    "shield-lock",
    "signature",
    "speakerphone",
    "star",
    "sun",
    "ticket",
    "trash",
    "upload",
    "user",
    "user-check",
    "user-plus",
    "users",
    "wallet",
    "wifi-off",
    "writing",
    "x",
    "zoom-in",
    "zoom-out",
)
