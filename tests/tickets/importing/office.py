"""A made-up quarter as an office keeps it: every row written by whoever was on duty, in the way they write."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import openpyxl

from tests.tickets.importing.ledgers import HEADER

FIRST = date(2026, 5, 4)
SERIAL_SINCE = date(1899, 12, 30)
# What a time zone leaves that was read as local time of long ago.
OFF = timedelta(minutes=12)

PROBLEMS = (
    ("服务质量 ", "活动报名晚了一天，错过主会场", "运营部", "补报次级会场"),
    ("数据异常问题", "访客数对不上后台\n截图见群", "数据组", "接口漏单，补数"),
    ("纠纷", "站外推广费由谁承担，双方理解不一致！", "商务部", "签补充协议"),
    ("服务问题", "详情页尺码表用错", "设计部", "更换并复核全部"),
    ("数据", "退款率升到12％", "售后部", "批次色差，下架整改"),
)
SHOPS = (("云杉户外", "天猫 "), ("云杉户外（天猫）", "天猫"), ("青禾食品", "拼多多"), ("青禾食品（拼多多）", "拼多多 "))
CHANNELS = ("微信群", "电话", "邮件", "旺旺", "钉钉", "微信")
AMOUNTS: tuple[object, ...] = (None, "¥350.00", "1,280元", "８６０", 120, 86.5, " 45.9 ", "约500", "0")
ENDED = ("已完成", "已关闭", "完成")
GOING = ("处理中", "待商家确认")


@dataclass(frozen=True)
class Kept:
    """A row and what is true of it."""

    cells: list[object]
    opened_on: date
    is_over: bool


def quarter(rows: int = 60) -> list[Kept]:
    """So many rows that say something, none twice."""
    kept = []
    for number in range(1, rows + 1):
        day = FIRST + timedelta(days=number * 3 // 2)
        merchant, platform = SHOPS[number % len(SHOPS)]
        kind, words, department, plan = PROBLEMS[number % len(PROBLEMS)]
        is_over = number % 4 != 0
        due = day + timedelta(days=number % 7)
        kept.append(
            Kept(
                [
                    None if number % 17 == 0 else number,
                    _written(day, number),
                    merchant,
                    None,
                    platform,
                    CHANNELS[number % len(CHANNELS)],
                    kind,
                    f"{words}，{number} 号群",
                    ("一般", "是", "否", None, "紧急")[number % 5],
                    department,
                    ("林悦", "小吴", "设计-阿泽", "周敏")[number % 4],
                    plan,
                    _written(due, number + 1),
                    _written(due, number + 3) if is_over else (None, "/", "-")[number % 3],
                    ENDED[number % 3] if is_over else GOING[number % 2],
                    AMOUNTS[number % len(AMOUNTS)],
                    ("我方", "商家", "快递", "平台", "双方各半", "待定", None)[number % 7],
                    ("满意", "OK", "5分", "不满意，要求复盘", None)[number % 5],
                ],
                day,
                is_over,
            )
        )
    return kept


def _written(day: date, number: int) -> object:
    """A day in one of the seven ways in which they are written."""
    stamp = datetime.combine(day, time(9 + number % 8)) + OFF
    return (
        (day - SERIAL_SINCE).days,
        stamp,
        f"{day:%Y.%m.%d} ",
        f"{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d} 上午10点",
        f"{stamp:%Y-%m-%d %H:%M}",
    )[number % 7]


def office_file(kept: list[Kept]) -> bytes:
    """The rows under a title and a note, each month's sum in the middle, and a sheet with something else."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2026年台账"
    sheet.append(["某代运营售后问题台账（2026年5-8月）"])
    sheet.merge_cells("A1:R1")
    sheet.append(["说明：红色为紧急；费用单位元；每周五更新"])
    sheet.append(list(HEADER))
    month = kept[0].opened_on.month
    for one in kept:
        if one.opened_on.month != month:
            line = sheet.max_row
            sheet.append([f"{month}月小计", *[None] * 14, f"=SUM(P4:P{line})"])
            month = one.opened_on.month
        sheet.append(one.cells)
    other = book.create_sheet("商家名单")
    other.append(["商家", "店铺", "合同号", "对接人"])
    other.append(["云杉户外", "云杉户外旗舰店", "HT-1", "王总"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
