"""Placeholders of canned answers: `{商家}` stands for what the ticket says. Filled when an answer is put into a form.

Nothing leaves with a placeholder in it: one that is unknown, or that the ticket has nothing for, is refused before it
is sent. Which values are given decides what may be told to whom: what a merchant must not read is not among those for
a message to the merchant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tenants.labels import Labelled
from tenants.refusals import N_, Invalid, Message


class Placeholder(Labelled):
    """What can stand in an answer. The value is the Chinese name that people write."""

    MERCHANT = "商家", N_("商家名称")
    SHOP = "店铺", N_("店铺名称")
    NUMBER = "工单号", N_("工单号")
    TITLE = "标题", N_("工单标题")
    KIND = "类型", N_("工单类型")
    STEP = "环节", N_("当前环节")
    OWNER = "负责人", N_("负责人姓名")
    AUTHOR = "我", N_("写这条内容的人")
    DEADLINE = "时限", N_("给商家时为承诺处理时间，内部备注中为最近的时限")
    DEPARTMENT = "责任部门", N_("责任部门，只用于内部备注")
    TODAY = "今天", N_("今天的日期")


# Half-width or full-width braces around Chinese characters; other braces are somebody's own text.
_WRITTEN = re.compile(r"[{｛]\s*([一-鿿]{1,12})\s*[}｝]")

Values = Mapping[Placeholder, str]


class PlaceholderUnknown(Invalid):
    """Raised when an answer would be kept with a placeholder that there is not."""

    def __init__(self, field: str, name: str) -> None:
        said = N_("没有名为“%(name)s”的占位符")
        super().__init__(said, {field: Message(said, name=name)}, name=name)


class PlaceholderUnfilled(Invalid):
    """Raised when a text would be sent with a placeholder still in it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(N_("占位符还没有填写：%(names)s。请补上内容或删除后再提交。"), names="、".join(names))


@dataclass(frozen=True, slots=True)
class Filled:
    """An answer with what is known; `missing` are the names of the placeholders that stay in it."""

    text: str
    missing: tuple[str, ...]


def fill(body: str, values: Values) -> Filled:
    """Put the values in; a placeholder without one stays as it is. Pure."""
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        try:
            said = values.get(Placeholder(found[1]), "")
        except ValueError:
            said = ""
        if not said:
            missing.append(found[1])
        return said or found[0]

    return Filled(_WRITTEN.sub(value, body), tuple(dict.fromkeys(missing)))


def require_known(field: str, body: str) -> None:
    """Return when every placeholder in the body is one. Raises PlaceholderUnknown with the form's field."""
    for name in _WRITTEN.findall(body):
        if name not in {str(one.value) for one in Placeholder}:
            raise PlaceholderUnknown(field, name)


def require_filled(*texts: str) -> None:
    """Return when no text has a placeholder left in it. Raises PlaceholderUnfilled."""
    if left := tuple(dict.fromkeys(name for text in texts for name in _WRITTEN.findall(text))):
        raise PlaceholderUnfilled(tuple(f"{{{name}}}" for name in left))
