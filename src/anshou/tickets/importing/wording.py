"""What the words of a ledger mean here: kinds, states, channels, departments, urgency, parties, names. Suggestions.

A person confirms each; what they confirmed is remembered for files with the same columns (`remembering`).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from anshou.people.roles import Department
from anshou.tickets.importing.fields import Field
from anshou.tickets.kinds import Channel, Kind, Urgency
from billing.bills import values
from billing.parties import Party
from tenants.labels import Labelled
from tenants.refusals import N_

# Chosen for a value that has no counterpart here: it stays in the record as it was written.
NOBODY = "-"


class Standing(Labelled):
    """Where an imported ticket stands, as far as a ledger says it."""

    PENDING = "pending", N_("待受理")
    IN_PROGRESS = "in_progress", N_("处理中")
    AWAITING = "awaiting", N_("待商家确认")
    ON_HOLD = "on_hold", N_("挂起，等商家答复")
    RESOLVED = "resolved", N_("已结案：已解决")
    WITHDRAWN = "withdrawn", N_("已结案：商家撤回")
    REFUSED = "refused", N_("已结案：不予受理")
    UNANSWERED = "unanswered", N_("已结案：商家未答复")

    @property
    def is_finished(self) -> bool:
        """Whether the matter has ended."""
        return self in (Standing.RESOLVED, Standing.WITHDRAWN, Standing.REFUSED, Standing.UNANSWERED)


_WORDS: dict[Field, dict[str, tuple[str, ...]]] = {
    Field.KIND: {
        Kind.SERVICE_QUALITY: ("服务质量", "服务问题", "服务", "质量", "投诉", "客服问题", "运营问题", "设计问题"),
        Kind.DATA_ANOMALY: ("数据异常", "数据", "流量异常", "转化异常", "指标异常", "数据问题"),
        Kind.CONTRACT_DISPUTE: ("合作纠纷", "合同纠纷", "纠纷", "合同争议", "争议", "费用争议", "合同", "解约"),
    },
    Field.STATE: {
        Standing.PENDING: ("待受理", "未处理", "待处理", "新建", "未开始", "未受理", "待分配", "已登记"),
        Standing.IN_PROGRESS: (
            "处理中",
            "进行中",
            "跟进中",
            "处理",
            "未完成",
            "未解决",
            "跟进",
            "执行中",
            "否",
            "false",
        ),
        Standing.AWAITING: ("待商家确认", "待确认", "待客户确认", "等待确认", "待反馈", "待商家反馈", "商家确认中"),
        Standing.ON_HOLD: ("挂起", "暂停", "搁置", "待补充", "待商家补充"),
        Standing.RESOLVED: (
            "已完成",
            "完成",
            "已关闭",
            "关闭",
            "已解决",
            "解决",
            "已结案",
            "结案",
            "已处理",
            "完结",
            "是",
            "true",
        ),
        Standing.WITHDRAWN: ("撤回", "已撤回", "撤销", "取消", "已取消", "商家撤回"),
        Standing.REFUSED: ("不予受理", "不受理", "拒绝", "驳回", "无效"),
        Standing.UNANSWERED: ("商家未答复", "无回复", "未回复关闭"),
    },
    Field.CHANNEL: {
        Channel.PHONE: ("电话", "手机", "来电", "致电"),
        Channel.EMAIL: ("邮件", "邮箱", "email", "e-mail"),
        Channel.ONLINE_CHAT: ("在线客服", "在线", "网页客服"),
        Channel.INSTANT_MESSAGING: ("微信", "微信群", "企业微信", "企微", "钉钉", "钉钉群", "qq", "qq群", "飞书", "群"),
        Channel.PORTAL: ("系统", "工单系统", "门户", "表单"),
        Channel.PLATFORM_MESSAGE: ("旺旺", "千牛", "平台消息", "站内信", "咚咚", "飞鸽"),
        Channel.MEETING: ("会议", "例会", "当面", "面谈", "周会"),
    },
    Field.URGENCY: {
        Urgency.URGENT: ("紧急", "是", "加急", "高", "特急", "urgent", "y", "√", "1", "true"),
        Urgency.NORMAL: ("一般", "否", "普通", "正常", "中", "低", "normal", "n", "×", "0", "false", ""),
    },
    Field.DEPARTMENT: {
        Department.AFTER_SALES_SERVICE: ("售后客服", "售后部", "客服部", "售后", "客服", "售后组", "客服组"),
        Department.OPERATIONS: (
            "业务部门",
            "业务部",
            "运营部",
            "推广部",
            "设计部",
            "运营",
            "推广",
            "设计",
            "美工",
            "内容部",
        ),
        Department.TECHNICAL_SUPPORT: ("技术支持", "技术部", "数据组", "数据部", "技术", "it", "技术组"),
        Department.QUALITY: ("质量检测", "质检部", "品控部", "质检", "品控", "质量部"),
        Department.LOGISTICS: ("物流部", "仓储部", "仓库", "物流", "仓储", "发货组"),
        Department.OPERATIONS_MANAGEMENT: ("运营管理", "运营管理部", "商务部", "商务", "客户部"),
        Department.FINANCE: ("财务部", "财务", "会计"),
        Department.MANAGEMENT: ("高层管理", "管理层", "总经办", "法务", "法务部", "总经理"),
    },
    Field.PARTY: {
        Party.AGENCY: ("代运营", "我方", "我司", "代运营方", "公司", "内部"),
        Party.MERCHANT: ("商家", "客户", "品牌方", "甲方"),
        Party.PLATFORM: ("平台",),
        Party.CARRIER: ("快递", "物流", "承运方", "快递公司"),
        Party.SUPPLIER: ("供应商", "厂家", "工厂"),
        Party.CONSUMER: ("消费者", "买家", "顾客"),
        Party.FORCE_MAJEURE: ("不可抗力", "天气"),
    },
}

_BY_WORD: dict[Field, dict[str, str]] = {
    one: {word: str(code) for code, words in meanings.items() for word in words} for one, meanings in _WORDS.items()
}

_SUFFIXES = re.compile(r"(?:问题|部门|部|组)$")
_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class KnownShop:
    """A shop by its name, and whose it is."""

    id: UUID
    merchant: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the portal knows by name, as far as the person reaches it: merchants, shops, colleagues."""

    merchants: Mapping[UUID, str] = field(default_factory=dict)
    shops: tuple[KnownShop, ...] = ()
    people: Mapping[UUID, str] = field(default_factory=dict)
    ended: frozenset[UUID] = frozenset()


def key_of(cell: str) -> str:
    """A cell by which equal values are known: in one width, without blanks around, nothing where it says none."""
    return " ".join(unicodedata.normalize("NFKC", values.something(cell)).split())


def suggest(one: Field, cell: str, known: Known) -> str | None:
    """The code or id that the value most likely means; None where nobody could say."""
    text = key_of(cell)
    if one is Field.MERCHANT:
        return _named(text, known.merchants)
    if one is Field.SHOP:
        return _named(text, {shop.id: shop.name for shop in known.shops})
    if one is Field.OWNER:
        return _person(text, known.people)
    words = _BY_WORD.get(one, {})
    lowered = text.lower()
    if lowered in words:
        return words[lowered]
    shorter = _SUFFIXES.sub("", lowered)
    return words.get(shorter) if shorter else None


def _named(text: str, names: Mapping[UUID, str]) -> str | None:
    """The one thing of that name, else of that name without what stands in brackets."""
    for wanted in (text, _BRACKETS.sub("", text).strip()):
        found = [str(one) for one, name in names.items() if wanted and key_of(name) == wanted]
        if len(found) == 1:
            return found[0]
    # A short name inside exactly one long one, or the other way round.
    found = [
        str(one) for one, name in names.items() if len(text) > 1 and (text in key_of(name) or key_of(name) in text)
    ]
    return found[0] if len(found) == 1 else None


def _person(text: str, people: Mapping[UUID, str]) -> str | None:
    """A colleague by the whole name, with a department before it or not. A nickname is nobody's."""
    for wanted in (text, re.split(r"[-—_/、 ]", text)[-1]):
        found = [str(one) for one, name in people.items() if wanted and key_of(name) == wanted]
        if len(found) == 1:
            return found[0]
    return None
