"""The tabs over the pages of settings, and what a preview of a change tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from anshou.language import Language
from anshou.portal.formats import minute
from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.typed import Typed, raw_values
from anshou.tickets.clocks.explaining import pieces
from anshou.tickets.clocks.previewing import Preview, PreviewLine
from tenants.refusals import N_
from tenants.shapes import accept

# The button that shows what a change would do, beside the one that saves it.
PREVIEW = "_preview"


class PreviewStart(Struct, frozen=True, kw_only=True):
    """The instant from which a preview counts."""

    start: Annotated[datetime, Meta(tz=True, title=N_("起算时间"))]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a preview in the reader's language: which figure, its due times, and why."""

    label: str
    before: str
    after: str
    moved: bool
    why: list[tuple[str, str]]


def setting_tabs(language: Language, here: str) -> list[dict[str, object]]:
    """The pages of settings."""
    tabs = (
        (N_("基本设置"), "/settings"),
        (N_("时限"), "/settings/limits"),
        (N_("日历"), "/settings/calendars"),
        (N_("节假日与调休"), "/settings/days"),
        (N_("查看规则"), "/settings/reveals"),
        (N_("保留期限"), "/settings/retention"),
        (N_("通知"), "/settings/notifications"),
    )
    return [{"label": language.say(label), "address": to, "current": to == here} for label, to in tabs]


def wants_preview(typed: Typed) -> bool:
    """Whether the button for the preview was pressed."""
    return bool(typed.one(PREVIEW))


def start_in(typed: Typed, zone: ZoneInfo) -> datetime:
    """The preview's start as it was typed, on the agency's wall clock. Raises ShapeInvalid."""
    return accept(PreviewStart, raw_values(fields_of(PreviewStart), typed, zone=zone), strict=False).start


def preview_values(preview: Preview, language: Language, zone: ZoneInfo) -> Mapping[str, Any]:
    """What the template `administration/_preview.html` shows."""
    return {
        "lines": [_told(line, language, zone) for line in preview.lines],
        "changed": preview.changed,
        "running": preview.running,
        "at_least": preview.at_least,
    }


def _told(line: PreviewLine, language: Language, zone: ZoneInfo) -> Told:
    say = language.say

    def shown(at: datetime | None) -> str:
        return say(N_("不设时限")) if at is None else minute(at, zone)

    why = [] if line.why is None else list(pieces(line.why))
    return Told(
        label=f"{say(line.key.clock.label)} · {say(line.key.urgency.label)} · {say(line.key.channels.label)}",
        before=shown(line.before),
        after=shown(line.after),
        moved=line.before != line.after,
        why=[(say(piece.label), piece.say(language.translate, lambda at: minute(at, zone))) for piece in why],
    )
