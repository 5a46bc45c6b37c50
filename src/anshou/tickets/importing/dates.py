"""Days and times as people write them into a ledger, and what was added to read them. Pure.

A reading that follows from the cell alone is plain; every other names its `rule`, and a person confirms it: a
day number of a spreadsheet, a year that the cell leaves out, words for the time of day, minutes that all are off by.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from billing.bills import values
from tenants.labels import Labelled
from tenants.refusals import N_


class Rule(Labelled):
    """What was added to what a cell says, or what is wrong with it."""

    SERIAL = "serial", N_("表格软件的日期序号")
    YEAR = "year", N_("补上没有写的年份")
    CENTURY = "century", N_("两位年份补成四位")
    WORDS = "words", N_("时段文字换成时刻")
    OFFSET = "offset", N_("去掉整列相同的分钟偏差")
    WRITTEN = "written", N_("写法不同的日期统一")
    AMOUNT = "amount", N_("文字金额换成数字")
    ABOUT = "about", N_("约数按所写数字")
    TEN_THOUSANDS = "ten_thousands", N_("“万”换算成元")
    ABOVE = "above", N_("空白沿用上一行（合并单元格）")
    FROM_PROMISE = "from_promise", N_("没有完成日期，取承诺日期")
    FROM_START = "from_start", N_("没有完成日期，取登记日期")
    TITLE = "title", N_("标题取描述的开头")
    MIDNIGHT = "midnight", N_("只有日期的按当天零点")
    SUBTOTAL = "subtotal", N_("小计或合计行，跳过")
    TWICE = "twice", N_("与前面的行完全相同，跳过")
    CHANGED_SINCE = "changed_since", N_("以前已导入，内容有变，跳过")
    MISSING = "missing", N_("缺少内容")
    UNREADABLE = "unreadable", N_("无法读出")
    NOT_CHOSEN = "not_chosen", N_("没有选择对应")
    ELSEWHERE = "elsewhere", N_("店铺不属于这家商家")
    ENDED = "ended", N_("商家已终止服务")
    BACKWARDS = "backwards", N_("完成早于登记")
    FUTURE = "future", N_("晚于今天")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and a time where the cell has one, by the clock of the tenant's zone; `rule` is what was added."""

    day: date
    clock: time | None = None
    rule: Rule | None = None

    def text(self) -> str:
        """As it is proposed and as it can be typed."""
        return f"{self.day:%Y-%m-%d}" + (f" {self.clock:%H:%M}" if self.clock else "")


@dataclass(frozen=True, slots=True)
class Habits:
    """What is true of a whole column or file: years in its titles, since when its day numbers count, minutes off."""

    years: tuple[int, ...] = ()
    since_1904: bool = False
    off: timedelta = timedelta(0)


# Day 60 of the common system is a 29 February 1900 that never was; nobody keeps tickets of then.
_SINCE_1900, _SINCE_1904 = date(1899, 12, 30), date(1904, 1, 1)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_SOLID = re.compile(r"(20\d\d)(\d\d)(\d\d)(?!\d)", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)", re.ASCII)
_NO_YEAR = re.compile(r"(\d{1,2})\s*(?:月\s*(\d{1,2})\s*[日号]?|/\s*(\d{1,2}))(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(20\d\d)(?!\d)\s*", re.ASCII)
_CLOCK = re.compile(r"T?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?", re.ASCII)
_WORDS = re.compile(
    r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?\s*(\d{1,2})\s*[点时](?:\s*(\d{1,2})\s*分?|(半))?", re.ASCII
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)", re.ASCII)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:(\d\d)(?::(\d\d))?", re.ASCII)

# How many times a minute must stand in a column, and in what share of its times, before it is an error of all.
_ENOUGH, _SHARE = 5, 0.9


def years_in(texts: Iterable[str]) -> tuple[int, ...]:
    """The years that titles name, in their order."""
    return tuple(
        dict.fromkeys(int(found) for text in texts for found in _YEAR.findall(unicodedata.normalize("NFKC", text)))
    )


def minutes_off(cells: Sequence[str]) -> timedelta:
    """By what all times of a column are off: the same odd minutes (and seconds) in nearly all; zero where they differ.

    A time zone that was read as local time of 1900 leaves such: Shanghai was 8 hours 5 minutes and 43 seconds ahead.
    """
    found = Counter((int(one[1]), int(one[2] or 0)) for cell in cells if (one := _STAMP.fullmatch(values.plain(cell))))
    if not found:
        return timedelta(0)
    (minute, second), times = found.most_common(1)[0]
    # Whole, half and quarter hours are when people meet.
    odd = minute % 5 != 0 or second != 0
    return (
        timedelta(minutes=minute, seconds=second)
        if odd and times >= max(_ENOUGH, _SHARE * found.total())
        else timedelta(0)
    )


def read_moment(cell: str, habits: Habits, *, after: date | None = None) -> Moment | None:
    """The day and time in a cell; None if it says none that can be read. `after` is a day that it does not precede."""
    text = unicodedata.normalize("NFKC", values.plain(cell)).strip()
    if _SERIAL.fullmatch(text):
        return _numbered(float(text), habits)
    day, rest, rule = _day(text, habits, after)
    if day is None or not FIRST <= day <= LAST:
        return None
    rest = rest.strip(" ,，;；")
    if not rest:
        plain = rule is None and text != f"{day:%Y-%m-%d}"
        return Moment(day, None, Rule.WRITTEN if plain else rule)
    clock, worded = _clock(rest)
    if clock is None:
        return None
    if habits.off and not worded:
        exact = datetime.combine(day, clock) - habits.off
        if exact.minute % 5 == 0:
            return Moment(exact.date(), exact.time(), Rule.OFFSET)
    return Moment(day, clock, Rule.WORDS if worded else rule)


def likely_moment(cell: str) -> str:
    """What may be meant by a cell that cannot be read, to be typed or not: a day whose year stands last.

    The month first, as a spreadsheet in English writes it, unless only the day can be.
    """
    text = unicodedata.normalize("NFKC", values.plain(cell)).strip()
    if (found := _YEAR_LAST.match(text)) is None:
        return ""
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    month, day = (first, second) if first <= 12 else (second, first)
    moment = read_moment(f"{year}-{month}-{day} {text[found.end() :]}", Habits())
    return moment.text() if moment is not None else ""


def numbered_day(cell: str, habits: Habits) -> str:
    """The day that a cell says by a spreadsheet's number, as it will be proposed; nothing where it says none so."""
    found = read_moment(cell, habits)
    return found.text() if found is not None and found.rule is Rule.SERIAL else ""


def _numbered(number: float, habits: Habits) -> Moment | None:
    start = _SINCE_1904 if habits.since_1904 else _SINCE_1900
    # The last moment of a day may be the rest of a binary form: then it is the next.
    day, seconds = divmod(round(number * 86400), 86400)
    at = datetime.combine(start, time.min) + timedelta(days=day, seconds=seconds)
    return Moment(at.date(), at.time() if seconds else None, Rule.SERIAL) if FIRST <= at.date() <= LAST else None


def _day(text: str, habits: Habits, after: date | None) -> tuple[date | None, str, Rule | None]:
    try:
        if found := _FULL.match(text) or _SOLID.match(text):
            return date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :], None
        if found := _SHORT_YEAR.match(text):
            return date(2000 + int(found[1]), int(found[2]), int(found[3])), text[found.end() :], Rule.CENTURY
        if found := _NO_YEAR.match(text):
            day = _with_year(int(found[1]), int(found[2] or found[3]), habits, after)
            return day, text[found.end() :], Rule.YEAR
    except ValueError:
        pass
    return None, "", None


def _with_year(month: int, day: int, habits: Habits, after: date | None) -> date | None:
    """In the year of the day that it follows, or the next, else in the first year that a title names."""
    if after is not None:
        # What was promised in December for January is due in the next year; only that one may have a 29 February.
        for year in (after.year, after.year + 1):
            with suppress(ValueError):
                if (found := date(year, month, day)) >= after - timedelta(days=31):
                    return found
        return None
    return date(habits.years[0], month, day) if habits.years else None


def _clock(text: str) -> tuple[time | None, bool]:
    try:
        if found := _CLOCK.fullmatch(text):
            return time(int(found[1]), int(found[2]), int(found[3] or 0)), False
        if found := _WORDS.fullmatch(text):
            hour = int(found[2])
            if found[1] in ("下午", "傍晚", "晚上", "晚") and hour < 12:
                hour += 12
            if found[1] == "中午" and hour < 3:
                hour += 12
            return time(hour, 30 if found[4] else int(found[3] or 0)), True
    except ValueError:
        pass
    return None, False
