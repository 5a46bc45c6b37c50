"""How instants, spans and amounts are written on a page. Instants come in UTC and are shown in the agency's zone."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from anshou.language import CHINESE, ENGLISH, Language
from billing.ledger.wording import in_words

SHANGHAI = ZoneInfo("Asia/Shanghai")

_HAN = re.compile("[一-鿿]")


# In English a day that is written in digits alone is read in two ways.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant(
    at: datetime,
    *,
    now: datetime,
    zone: ZoneInfo = SHANGHAI,
    language: Language | None = None,
    briefly: bool = False,
) -> Markup:
    """`11-20 19:49`, in English `20 Nov 19:49`, with the year where it is not this one.

    The whole instant is in the element's attributes; `times.js` says from them how long ago it was. `briefly`, where a
    page has one in each row, they say the minute, as it is shown: compressed, it is there only once.
    """
    local = at.astimezone(zone)
    whole = local.isoformat(" ", "seconds")[:19]
    is_this_year = local.year == now.astimezone(zone).year
    if language is not None and language.tag == ENGLISH:
        day = f"{local.day} {_MONTHS[local.month - 1]}"
        shown = f"{day} {whole[11:16]}" if is_this_year else f"{day} {local.year} {whole[11:16]}"
    else:
        shown = whole[5:16] if is_this_year else whole[:16]
    if briefly:
        return Markup(f'<time datetime="{local.isoformat(" ", "minutes")}">{shown}</time>')  # noqa: S704
    # Digits, signs and names of months, so nothing here needs to be escaped.
    utc = at.astimezone(UTC).isoformat("T", "seconds")
    return Markup(f'<time datetime="{utc}" title="{whole}">{shown}</time>')  # noqa: S704


def clock(at: datetime, *, now: datetime, zone: ZoneInfo = SHANGHAI) -> str:
    """`19:49` of today, `11-20 19:49` of another day."""
    local = at.astimezone(zone)
    shown = local.isoformat(" ")[5:16]
    return shown[6:] if local.date() == now.astimezone(zone).date() else shown


def minute(at: datetime, zone: ZoneInfo = SHANGHAI) -> str:
    """`2026-11-20 19:49`."""
    return at.astimezone(zone).isoformat(" ")[:16]


def day(on: date) -> str:
    """`2026-11-20`. Raises TypeError for an instant, which is a day only in a time zone."""
    if isinstance(on, datetime):
        raise TypeError("an instant is shown by `minute` or `instant`")
    return on.isoformat()


def span(length: timedelta, language: Language) -> str:
    """The two largest units of a length of time: `2 天 4 小时`, `3 小时 20 分`, `12 分钟`."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return language.say("%(days)s 天 %(hours)s 小时", days=days, hours=hours)
    if hours:
        return language.say("%(hours)s 小时 %(minutes)s 分", hours=hours, minutes=rest)
    return language.say("%(minutes)s 分钟", minutes=rest)


def yuan(fen: int) -> str:
    """`¥1,234.50`; a negative amount keeps its sign in front: `-¥8.00`."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{rest:02d}"


def share(basis_points: int) -> str:
    """`30 %` or `33.33 %` of 10000 basis points."""
    return f"{basis_points // 100}.{basis_points % 100:02d}".rstrip("0").rstrip(".") + " %"


def figure(value: Decimal | None) -> str:
    """`8,600` or `3.45`: a decimal as people write it, without the zeros that the column keeps.

    Dots stand for a figure that lies sealed.
    """
    return "••••" if value is None else f"{value.normalize():,f}"


def size(octets: int) -> str:
    """`312 KB` or `4.2 MB`, in thousands as file managers count."""
    return f"{max(1, round(octets / 1000))} KB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def booked(text: str, *, language: Language, marked: bool = True) -> str:
    """What the books say, for its reader: the software's own words in their language, a person's as they were written.

    Chinese on a page in another language is marked as such, for screen readers; not `marked` where only text may stand.
    """
    if language.tag == CHINESE or not _HAN.search(text):
        return text
    said = in_words(text, language.translate)
    if said is None and marked:
        return Markup('<span lang="{}">{}</span>').format(CHINESE, text)
    return text if said is None else said


def inside(label: str) -> str:
    """`merchant` for `Merchant`: a label as it stands inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def mentioning(text: str, names: Iterable[str]) -> Markup:
    """A note with the colleagues whom it mentions made out."""
    shown = escape(text)
    for name in sorted(set(names), key=len, reverse=True):
        for sign in "@＠":
            word = escape(f"{sign}{name}")
            shown = shown.replace(word, Markup('<span class="mention">{}</span>').format(word))
    return shown
