"""Every due time explains itself: which hours counted, which stops, which setting or clause set it."""

from datetime import datetime

from anshou.tickets.clocks.calendars import Calendar, every_day
from anshou.tickets.clocks.due import Stop, compute
from anshou.tickets.clocks.explaining import (
    STRETCHES_KEPT,
    Source,
    SourceKind,
    explain,
    explanation_as_kept,
    explanation_from_kept,
    pieces,
)
from anshou.tickets.clocks.figures import WORKING_HOURS
from anshou.tickets.clocks.hours import parse_hours
from anshou.tickets.clocks.limits import hours, workdays
from anshou.tickets.clocks.rulebook import Rulebook
from tests.clocks.shanghai import SHANGHAI, shanghai

OFFICE = Rulebook().calendar(WORKING_HOURS)
ENGLISH = {
    "%(value)s %(unit)s，按“%(calendar)s”计": "%(value)s %(unit)s in %(calendar)s",
    "小时": "hours",
    "工作时间": "working hours",
    "%(hours)s 小时": "%(hours)s h",
    "%(begins)s 至 %(ends)s，%(length)s": "%(begins)s to %(ends)s: %(length)s",
    "合同约定": "contract",
    "%(kind)s：%(contract)s 第 %(clause)s 条": "%(kind)s %(contract)s, clause %(clause)s",
}


def show_time(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_an_explanation_reads_line_by_line() -> None:
    stop = Stop(shanghai("2026-11-18 17:30"), shanghai("2026-11-19 09:30"), "等待商家答复")
    due = compute(shanghai("2026-11-18 17:00"), hours(3), OFFICE, [stop])
    lines = list(pieces(explain(due, Source(), calendar_label="工作时间")))
    assert [(line.label, line.say(str, show_time)) for line in lines] == [
        ("计时起点", "11-18 17:00"),
        ("时限", "3 小时，按“工作时间”计"),
        ("计入时段", "11-18 17:00 至 11-18 17:30，30 分钟"),
        ("计入时段", "11-19 09:30 至 11-19 12:00，2 小时 30 分钟"),
        ("合计", "3 小时"),
        ("暂停", "11-18 17:30 至 11-19 09:30，顺延 1 小时：等待商家答复"),
        ("到期时间", "11-19 12:00"),
        ("来源", "公司时限设置"),
    ]


def test_an_explanation_can_be_said_in_another_language() -> None:
    source = Source(kind=SourceKind.CONTRACT, contract="HT-2026-018", clause="5.2")
    due = compute(shanghai("2026-11-18 09:00"), hours(2), OFFICE)
    said = [
        line.say(lambda text: ENGLISH.get(text, text), show_time)
        for line in pieces(explain(due, source, calendar_label="工作时间"))
    ]
    assert "2 hours in working hours" in said
    assert "11-18 09:00 to 11-18 11:00: 2 h" in said
    assert said[-1] == "contract HT-2026-018, clause 5.2"


def test_while_a_stop_lasts_the_explanation_says_since_when_and_why() -> None:
    stop = Stop(shanghai("2026-11-18 10:00"), None, "等待商家确认方案")
    due = compute(shanghai("2026-11-18 09:00"), hours(3), OFFICE, [stop])
    said = {line.label: line.say(str, show_time) for line in pieces(explain(due, Source(), calendar_label="工作时间"))}
    assert said["计入时段"] == "11-18 09:00 至 11-18 10:00，1 小时"
    assert said["暂停"] == "11-18 10:00 起暂停：等待商家确认方案"
    assert said["到期时间"] == "暂停中，恢复后重新计算"


def test_provisional_years_and_another_zone_are_said() -> None:
    due = compute(shanghai("2026-12-31 09:00"), workdays(1), OFFICE)
    said = {line.label: line.say(str, show_time) for line in pieces(explain(due, Source(), calendar_label="工作时间"))}
    assert said["暂定"].startswith("2027 年的节假日安排尚未公布")
    elsewhere = Calendar(name="x", week=every_day(parse_hours("09:00-17:00")), zone="Europe/Berlin")
    due = compute(shanghai("2026-11-18 09:00"), hours(1), elsewhere)
    said = {line.label: line.say(str, show_time) for line in pieces(explain(due, Source(), calendar_label="柏林"))}
    assert said["时区"] == "Europe/Berlin"


def test_a_long_limit_lists_its_beginning_and_end_and_counts_the_rest() -> None:
    due = compute(shanghai("2026-03-02 09:00"), workdays(60), OFFICE)
    explanation = explain(due, Source(), calendar_label="工作时间")
    assert len(explanation.counted) == STRETCHES_KEPT
    assert explanation.left_out == len(due.counted_intervals) - STRETCHES_KEPT
    assert explanation.counted[-1].ends == due.at
    said = [line.say(str, show_time) for line in pieces(explanation)]
    assert f"……另有 {explanation.left_out} 段" in said


def test_an_explanation_survives_its_row() -> None:
    stop = Stop(shanghai("2026-11-18 10:00"), None, "等待商家确认方案")
    due = compute(shanghai("2026-11-18 09:00:00.123456"), hours(3), OFFICE, [stop])
    explanation = explain(due, Source(), calendar_label="工作时间")
    assert explanation_from_kept(explanation_as_kept(explanation)) == explanation
