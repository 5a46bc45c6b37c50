"""Where the first steps are, and where each of them is taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from anshou.first_steps.steps import Step
from tenants.refusals import N_

FIRST_STEPS = "/first-steps"


@dataclass(frozen=True, slots=True)
class Way:
    """Why a step is taken, what its link says, and where it leads; without an address others take it."""

    why: str
    action: str = ""
    address: str = ""


WAYS: Mapping[Step, Way] = {
    Step.PEOPLE: Way(
        N_("客户经理和售后客服受理工单，部门专员处理，主管审核，财务核实费用。"), N_("邀请同事"), "/people/invite/staff"
    ),
    Step.HEADS: Way(N_("方案由部门主管审核，超时和升级也先告知主管。"), N_("查看人员"), "/people"),
    Step.SECOND_ADMIN: Way(N_("唯一的管理员忘记密码或丢失手机时，没有人能帮他恢复登录。"), N_("查看人员"), "/people"),
    Step.RECOVERY: Way(
        N_("管理员能改变所有人的权限。丢失手机时，用恢复码登录。"), N_("设置两步验证"), "/account/second-factor"
    ),
    Step.CALENDAR: Way(
        N_("时限按工作时间和国务院公布的节假日、调休计算。请核对各部门的工作时间。"),
        N_("核对日历"),
        "/settings/calendars",
    ),
    Step.LIMITS: Way(
        N_("各项时限已有默认值。按贵公司的承诺调整，或在商家合同中约定。"), N_("查看时限"), "/settings/limits"
    ),
    Step.CHANNELS: Way(
        N_("通知总会出现在系统里；接到企业微信、钉钉或飞书群后，大家不用盯着页面。"),
        N_("设置通知"),
        "/settings/notifications",
    ),
    Step.MERCHANT: Way(N_("登记商家和它的店铺，工单、合同和费用都归到商家名下。"), N_("新建商家"), "/merchants/new"),
    Step.CONTRACT: Way(
        N_("起草合同，写入服务内容、时限和费用承担条款后生效。费用归属按当天生效的合同判断。"),
        N_("查看商家"),
        "/merchants",
    ),
    Step.SERVED: Way(N_("客户经理和售后客服只看到分配给他们的商家。"), N_("查看人员"), "/people"),
    Step.CUSTOMERS: Way(
        N_("商家的人员可以自己提交问题、确认方案、评价和核对账单。"), N_("邀请商家人员"), "/people/invite/merchant"
    ),
    Step.IMPORT: Way(
        N_("以前用表格登记售后的，可以把未结和历史的工单导入；导入前逐行检查，导入后可整批撤销。"),
        N_("导入台账"),
        "/imports",
    ),
    Step.TICKET: Way(N_("由客服登记，或由商家提交。处理过程、时限和费用都会记在工单上。")),
}
