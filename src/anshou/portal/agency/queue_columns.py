"""The columns that a queue can show: how each is called, what it is sorted by, how it folds on a phone, its width."""

from collections.abc import Iterable
from dataclasses import dataclass

from anshou.tickets.queue_filters import INSIDE
from anshou.tickets.queue_orders import Sort
from tenants.refusals import N_


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in the address. `look`: the classes of its cells; `width`: of a sheet, in characters."""

    name: str
    label: str
    look: str = "off"
    sort: Sort | None = None
    width: int = 14


ALL = (
    Column("number", N_("工单号"), "", width=16),
    Column("title", N_("问题"), "wide whole", width=44),
    Column("merchant", N_("商家"), "soft", width=18),
    Column("shop", N_("店铺"), "off soft", width=22),
    Column("kind", N_("类型"), "off spare"),
    Column("category", N_("问题类别"), width=22),
    Column("channel", N_("反馈渠道")),
    Column("step", N_("环节")),
    Column("status", N_("状态"), ""),
    Column("urgency", N_("紧急程度")),
    Column("severity", N_("严重程度")),
    Column("level", N_("升级到")),
    Column("owner", N_("负责人"), "soft"),
    Column("department", N_("部门"), "off soft"),
    Column("due", N_("时限"), "far", Sort.DUE, 18),
    Column("promised", N_("承诺处理时间"), "off soft", Sort.PROMISED, 18),
    Column("since", N_("进入环节时间"), "off soft", Sort.SINCE, 18),
    Column("round", N_("轮次"), "off end", width=8),
    Column("outcome", N_("结果")),
    Column("opened", N_("提交时间"), "off soft", Sort.OPENED, 18),
    Column("closed", N_("关闭时间"), "off soft", Sort.CLOSED, 18),
    Column("updated", N_("最近更新"), "off soft spare", Sort.UPDATED, 18),
)
BY_NAME = {column.name: column for column in ALL}

USUAL = ("number", "title", "merchant", "kind", "step", "status", "owner", "due", "updated")

# A row with more is read by nobody.
MOST = 14


def chosen(names: Iterable[str], *, knows_inside: bool) -> tuple[Column, ...]:
    """The columns of these names in their order, or the usual ones; the number, which leads to the ticket, always."""
    known = list(dict.fromkeys(name for name in names if name in BY_NAME))
    if known and "number" not in known:
        known.insert(0, "number")
    columns = [BY_NAME[name] for name in (known or USUAL)[:MOST]]
    return tuple(column for column in columns if knows_inside or column.name not in INSIDE)


def offered(*, knows_inside: bool) -> tuple[Column, ...]:
    """Every column that the person may choose."""
    return tuple(column for column in ALL if knows_inside or column.name not in INSIDE)
