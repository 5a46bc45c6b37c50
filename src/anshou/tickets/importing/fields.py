"""What a column of such a spreadsheet can hold, and by which names agencies call it."""

from collections.abc import Sequence

from tenants.labels import Labelled
from tenants.refusals import N_


class Field(Labelled):
    """What a column says of a ticket."""

    NUMBER = "number", N_("来源编号")
    REGISTERED = "registered", N_("登记日期")
    OCCURRED = "occurred", N_("发生日期")
    MERCHANT = "merchant", N_("商家")
    SHOP = "shop", N_("店铺")
    PLATFORM = "platform", N_("平台")
    CHANNEL = "channel", N_("反馈渠道")
    KIND = "kind", N_("问题类型")
    TITLE = "title", N_("标题")
    DESCRIPTION = "description", N_("问题描述")
    REQUEST = "request", N_("商家诉求")
    URGENCY = "urgency", N_("紧急程度")
    DEPARTMENT = "department", N_("责任部门")
    OWNER = "owner", N_("负责人")
    PLAN = "plan", N_("处理方案")
    RESULT = "result", N_("处理结果")
    PROMISED = "promised", N_("承诺完成日期")
    FINISHED = "finished", N_("实际完成日期")
    STATE = "state", N_("状态")
    AMOUNT = "amount", N_("费用金额")
    PARTY = "party", N_("责任方")
    RATING = "rating", N_("商家评价")
    REMARK = "remark", N_("备注")
    NONE = "none", N_("不导入")


F = Field

# In which every row must say something, or the person says once what an empty cell means.
NEEDED = (F.REGISTERED, F.MERCHANT, F.DESCRIPTION, F.KIND, F.STATE)

DATES = (F.REGISTERED, F.OCCURRED, F.PROMISED, F.FINISHED)

# Their cells name something that the portal knows; a person says which, once per file or signature.
CHOSEN_BESIDE = (F.SHOP, F.KIND, F.STATE, F.CHANNEL, F.URGENCY, F.DEPARTMENT, F.OWNER, F.PARTY)
CHOSEN = (F.MERCHANT, *CHOSEN_BESIDE)

# Of these an empty cell needs a choice too; of the others it means that there is none.
NEVER_EMPTY = (F.MERCHANT, F.KIND, F.STATE, F.CHANNEL, F.URGENCY)

# Each heading that means the field, most telling first. A heading is compared without blanks and brackets.
_NAMES: dict[Field, tuple[str, ...]] = {
    F.NUMBER: ("序号", "编号", "工单号", "台账编号", "问题编号", "单号", "no", "no.", "id"),
    F.REGISTERED: ("登记日期", "登记时间", "反馈日期", "反馈时间", "受理日期", "受理时间", "提交时间", "日期", "时间"),
    F.OCCURRED: ("发生日期", "发生时间", "问题发生日期", "问题时间"),
    F.MERCHANT: ("商家", "商家名称", "客户", "客户名称", "品牌", "品牌方", "甲方"),
    F.SHOP: ("店铺", "店铺名称", "网店", "门店"),
    F.PLATFORM: ("平台", "所属平台", "渠道平台"),
    F.CHANNEL: ("反馈渠道", "渠道", "来源", "反馈方式", "沟通方式", "问题来源"),
    F.KIND: ("问题类型", "类型", "问题分类", "类别", "分类", "工单类型"),
    F.TITLE: ("标题", "主题", "问题标题", "问题概述", "摘要"),
    F.DESCRIPTION: ("问题描述", "描述", "问题内容", "反馈内容", "内容", "问题", "情况说明", "具体问题"),
    F.REQUEST: ("商家诉求", "诉求", "客户诉求", "要求", "客户要求", "期望"),
    F.URGENCY: ("是否紧急", "紧急程度", "紧急", "优先级", "加急", "是否加急"),
    F.DEPARTMENT: ("责任部门", "部门", "处理部门", "对接部门", "负责部门"),
    F.OWNER: ("责任人", "负责人", "处理人", "跟进人", "经办人", "对接人", "客服"),
    F.PLAN: ("处理方案", "解决方案", "方案", "处理措施", "措施", "处理办法", "处理过程"),
    F.RESULT: ("处理结果", "结果", "解决情况", "处理情况", "完成情况"),
    F.PROMISED: ("承诺完成", "承诺完成日期", "承诺时间", "计划完成", "计划完成时间", "截止日期", "预计完成", "期限"),
    F.FINISHED: ("实际完成", "完成日期", "完成时间", "实际完成时间", "结案日期", "结案时间", "关闭时间", "解决时间"),
    F.STATE: ("状态", "处理状态", "进度", "当前状态", "是否完成", "是否解决"),
    F.AMOUNT: ("产生费用", "费用", "金额", "费用金额", "赔付金额", "成本", "赔付"),
    F.PARTY: ("责任方", "责任归属", "责任", "费用承担方", "承担方"),
    F.RATING: ("商家评价", "评价", "满意度", "客户评价", "商家评价/备注", "评分", "客户满意度"),
    F.REMARK: ("备注", "说明", "其他", "附注"),
}

# Without what stands in brackets, without blanks, in one width and case.
_BY_NAME = {name: field for field, names in _NAMES.items() for name in reversed(names)}


def named(heading: str) -> Field | None:
    """The field that a heading, as `bare` has it, names; a longer one by the longest name that it holds or is in."""
    if heading in _BY_NAME:
        return _BY_NAME[heading]
    held = [name for name in _BY_NAME if len(name) > 1 and name in heading]
    return _BY_NAME[max(held, key=len)] if held else None


def likeness(headings: Sequence[str]) -> int:
    """How many different fields the headings name."""
    return len({field for heading in headings if (field := named(heading)) is not None})


# What stands once over several rows where cells are merged.
MERGED = (Field.MERCHANT, Field.KIND, Field.REGISTERED)

# Said on the ticket itself; everything else that the row says is kept in the record of its entry.
KEPT_ASIDE = (
    Field.PLATFORM,
    Field.CHANNEL,
    Field.KIND,
    Field.STATE,
    Field.DEPARTMENT,
    Field.OWNER,
    Field.PARTY,
    Field.RATING,
    Field.REMARK,
)
