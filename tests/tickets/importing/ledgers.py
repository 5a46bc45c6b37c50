"""Made-up ledgers, as agencies keep them: title rows, synonyms, several ways to write a date, sums in the middle."""

import io
from collections.abc import Sequence

import openpyxl
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.importing.batches import TicketImport
from anshou.tickets.importing.carrying_out import ask_for_import
from anshou.tickets.importing.columns import below
from anshou.tickets.importing.deciding import accept, ask_for_check
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.grounds import known_to
from anshou.tickets.importing.intake import (
    Table,
    begin_import,
    choose_columns,
    choose_values,
    columns_of,
    table_of,
    values_to_choose,
)
from anshou.tickets.importing.wording import NOBODY
from tenants.storage import ObjectStorage
from tests.cast import NOW

HEADER = (
    *("序号", "登记日期", "商家", "店铺名称", "平台", "反馈渠道", "问题类型", "问题描述", "是否紧急"),
    *("责任部门", "责任人", "处理方案", "承诺完成", "实际完成", "状态", "产生费用", "责任方", "商家评价/备注"),
)


def _row(said: str) -> list[object]:
    """A row as it is written here: cells between bars, "." for an empty one."""
    return [None if cell == "." else cell for cell in said.split("|")]


SHOP = "云杉户外"
ROWS: tuple[Sequence[object], ...] = (
    [1, 46240, *_row(f"{SHOP}|{SHOP}旗舰店|天猫|旺旺|服务问题|帐篷主图色差明显|一般|设计部|林悦|重拍主图"),
     *_row("2026/8/12|2026/8/12|已完成|￥３５0.00|我方|满意")],
    [2, "2026-08-07 15:12", *_row(f"{SHOP}|.|天猫|电话|数据|访客数掉了一半|是|数据组|阿强|排查来源"),
     *_row("2026-08-09 18:12|/|处理中"), 120, "待定"],
    [3, *_row(f"2026.08.08 上午10点|{SHOP}（天猫）|.|天猫|微信群|合同纠纷|推广费分摊看法不同|.|商务部|阿强|协商中"),
     *_row("8月20日|.|待商家确认|约500|双方各半|再谈")],
    [4, *_row(f"8月9日|{SHOP}|.|天猫|邮件|服务质量 |客服回复慢|否|客服部|周敏|加晚班"),
     *_row("2026/8/11|8月11日|已关闭|1,280元|代运营|5分")],
    ["8月小计", *[None] * 14, "=SUM(P4:P7)"],
    [5, *_row(f"2026-08-10|{SHOP}|.|天猫|钉钉|服务质量|活动漏报|紧急|运营部|林悦|补报|.|.|完成")],
    [5, *_row(f"2026-08-10|{SHOP}|.|天猫|钉钉|服务质量|活动漏报|紧急|运营部|林悦|补报|.|.|完成")],
    [None, *_row(f"2026/8/11|{SHOP}|.|天猫|微信|数据异常|退款率升高|是|售后部|.|下架整改|.|.|挂起")],
)  # fmt: skip


def workbook(rows: Sequence[Sequence[object]] = ROWS, *, header: Sequence[str] = HEADER) -> bytes:
    """An .xlsx with a title, a note, the header in row 3, the rows, and a sheet with something else."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "台账"
    sheet.append(["安和售后问题台账（2026年8月）"])
    sheet.append(["说明：费用单位元"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    other = made.create_sheet("通讯录")
    other.append(["姓名", "电话"])
    other.append(["某人", "无"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def mapped(
    session: AsyncSession, storage: ObjectStorage, by: Person, content: bytes | None = None, name: str = "台账.xlsx"
) -> tuple[TicketImport, Table]:
    """An import whose columns and values are chosen as suggested, whoever is unknown being nobody."""
    batch = await begin_import(session, storage, name, content or workbook(), by=by, at=NOW)
    table = await table_of(session, storage, batch)
    columns = {one.place: one.field for one in await columns_of(session, batch, table)}
    await choose_columns(session, batch, table, columns, by=by)
    found = await values_to_choose(session, batch, table, await known_to(session))
    values: dict[Field, dict[str, str]] = {
        field: {one.key: one.meaning or NOBODY for one in each} for field, each in found.items()
    }
    await choose_values(session, batch, table, values, [], by=by, at=NOW)
    await ask_for_check(session, batch, table, by=by, at=NOW)
    return batch, table


async def imported(
    session: AsyncSession, storage: ObjectStorage, by: Person, content: bytes | None = None
) -> TicketImport:
    """An import with everything accepted and carried out."""
    batch, _ = await mapped(session, storage, by, content)
    await accept(session, batch, by=by)
    await ask_for_import(session, storage, batch, is_private=nothing_private, by=by, at=NOW)
    await session.flush()
    return batch


def nothing_private(*_: object) -> bool:
    return False


__all__ = ["HEADER", "ROWS", "SHOP", "below", "imported", "mapped", "nothing_private", "workbook"]
