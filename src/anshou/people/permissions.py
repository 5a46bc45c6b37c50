"""Who may do what: the permission matrix, in one place (domain.md section 1).

The matrix answers only whether a role may ever do a thing. Whose rows a person reaches is decided by row-level
security, and which of a ticket's moves are open to them by the process, its step and its department.
"""

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import Role, Scope
from tenants.labels import Labelled
from tenants.refusals import N_


class Permission(Labelled):
    """Something a role may or may not do."""

    # What may be read.
    READ_TICKETS = "read_tickets", N_("查看工单")
    READ_TICKET_SUMMARY = "read_ticket_summary", N_("查看工单概要")
    READ_INTERNAL_NOTES = "read_internal_notes", N_("查看内部备注")
    READ_PEOPLE = "read_people", N_("查看人员")
    READ_MERCHANTS = "read_merchants", N_("查看商家档案")
    READ_CONTRACTS = "read_contracts", N_("查看合同")
    READ_REPORTS = "read_reports", N_("查看报表")
    READ_SETTINGS = "read_settings", N_("查看设置")
    READ_JOBS = "read_jobs", N_("查看后台任务")
    READ_AUDIT = "read_audit", N_("查看审计记录")

    # Taking a matter in and bringing it to its end.
    REPORT_TICKET = "report_ticket", N_("提交问题")
    SUPPLEMENT = "supplement", N_("补充材料")
    ACCEPT_TICKET = "accept_ticket", N_("受理问题")
    CHANGE_URGENCY = "change_urgency", N_("调整紧急程度")
    ASSIGN_OWNER = "assign_owner", N_("指定负责人")
    RETURN_VISIT = "return_visit", N_("回访")
    CLOSE_TICKET = "close_ticket", N_("结案")
    REOPEN = "reopen", N_("重新打开")
    WITHDRAW = "withdraw", N_("撤回问题")
    REFUSE = "refuse", N_("不予受理")
    MERGE = "merge", N_("合并重复工单")
    LINK = "link", N_("关联工单")

    # The department's work.
    TRIAGE = "triage", N_("初步排查")
    ANALYSE = "analyse", N_("分析原因")
    DETERMINE_RESPONSIBILITY = "determine_responsibility", N_("判定责任")
    PLAN = "plan", N_("制定方案")
    REVIEW_PLAN = "review_plan", N_("审核方案")
    EXECUTE = "execute", N_("执行方案")
    WATCH_METRIC = "watch_metric", N_("跟踪指标")

    # The merchant's answers.
    CONFIRM_PLAN = "confirm_plan", N_("确认方案")
    CONFIRM_RESULT = "confirm_result", N_("确认结果")
    RATE = "rate", N_("评价")

    # Disputes.
    COORDINATE_DISPUTE = "coordinate_dispute", N_("协调纠纷")
    NEGOTIATE = "negotiate", N_("参与协商")
    SIGN_FOR_AGENCY = "sign_for_agency", N_("代表代运营方签署")
    SIGN_FOR_MERCHANT = "sign_for_merchant", N_("代表商家签署")
    PURSUE_EXTERNALLY = "pursue_externally", N_("办理仲裁或诉讼")

    # At any time while a ticket is open.
    HOLD = "hold", N_("挂起与恢复")
    ESCALATE = "escalate", N_("升级")
    DECIDE_ESCALATION = "decide_escalation", N_("处理升级")
    HAND_OVER = "hand_over", N_("移交部门")
    MEETING = "meeting", N_("记录跨部门会议")

    # The timeline.
    WRITE_MESSAGE = "write_message", N_("发送消息")
    WRITE_NOTE = "write_note", N_("写内部备注")
    RECORD_CONTACT = "record_contact", N_("登记沟通记录")

    # Setting the house up.
    MANAGE_PEOPLE = "manage_people", N_("管理人员")
    MANAGE_ASSIGNMENTS = "manage_assignments", N_("分配商家")
    MANAGE_MERCHANTS = "manage_merchants", N_("管理商家档案")
    MANAGE_CONTACTS = "manage_contacts", N_("维护商家联系人")
    MANAGE_CONTRACTS = "manage_contracts", N_("管理合同")
    MANAGE_LIMITS = "manage_limits", N_("管理时限与日历")
    MANAGE_SETTINGS = "manage_settings", N_("管理设置")
    MANAGE_API_KEYS = "manage_api_keys", N_("管理接口密钥")
    MANAGE_WEBHOOKS = "manage_webhooks", N_("管理事件推送")
    RETRY_JOBS = "retry_jobs", N_("重试后台任务")

    @property
    def scope(self) -> Scope:
        """Which scope an API key needs for it."""
        if self.value.startswith("read_"):
            return Scope.READ
        return Scope.MANAGE if self.value.startswith("manage_") or self is Permission.RETRY_JOBS else Scope.WRITE


P = Permission

# Every role of the agency finds its colleagues and the merchants by name.
_AGENCY = frozenset({P.READ_PEOPLE, P.READ_MERCHANTS})

# Whoever works on a ticket at all.
_TICKET_WORK = _AGENCY | {
    P.READ_TICKETS,
    P.READ_TICKET_SUMMARY,
    P.READ_INTERNAL_NOTES,
    P.READ_CONTRACTS,
    P.SUPPLEMENT,
    P.HOLD,
    P.ESCALATE,
    P.HAND_OVER,
    P.LINK,
    P.MEETING,
    P.WRITE_MESSAGE,
    P.WRITE_NOTE,
    P.RECORD_CONTACT,
}

# Takes in, classifies, marks urgency, hands over, keeps the merchant informed, chases overdue work, collects ratings;
# as 售后协调专员 also carries a dispute from filing to its end.
_FRONT_DESK = _TICKET_WORK | {
    P.REPORT_TICKET,
    P.ACCEPT_TICKET,
    P.CHANGE_URGENCY,
    P.ASSIGN_OWNER,
    P.RETURN_VISIT,
    P.CLOSE_TICKET,
    P.REOPEN,
    P.REFUSE,
    P.MERGE,
    P.COORDINATE_DISPUTE,
    P.NEGOTIATE,
    P.PURSUE_EXTERNALLY,
    P.MANAGE_CONTACTS,
}

# Analyses, plans, executes, reports. Opens a ticket too: it is technical support that sees a metric depart first.
_DEPARTMENT_WORK = _TICKET_WORK | {
    P.REPORT_TICKET,
    P.TRIAGE,
    P.ANALYSE,
    P.DETERMINE_RESPONSIBILITY,
    P.PLAN,
    P.EXECUTE,
    P.WATCH_METRIC,
}

# Reviews plans, reassigns, receives escalations, reads reports. Does not analyse or plan as well: who writes a plan
# does not approve it. A supervisor who also works as a specialist holds both roles.
_SUPERVISION = _TICKET_WORK | {
    P.REPORT_TICKET,
    P.CHANGE_URGENCY,
    P.ASSIGN_OWNER,
    P.REVIEW_PLAN,
    P.DECIDE_ESCALATION,
    P.DETERMINE_RESPONSIBILITY,
    P.REOPEN,
    P.REFUSE,
    P.MERGE,
    P.NEGOTIATE,
    P.SIGN_FOR_AGENCY,
    P.READ_REPORTS,
}

# Decides major cases and reads reports.
_DIRECTION = _TICKET_WORK | {
    P.CHANGE_URGENCY,
    P.ASSIGN_OWNER,
    P.REVIEW_PLAN,
    P.DECIDE_ESCALATION,
    P.DETERMINE_RESPONSIBILITY,
    P.REFUSE,
    P.NEGOTIATE,
    P.SIGN_FOR_AGENCY,
    P.READ_REPORTS,
    P.READ_SETTINGS,
    P.READ_AUDIT,
}

# Sets up, and never reads what a ticket says.
_SETTING_UP = _AGENCY | {
    P.READ_CONTRACTS,
    P.READ_SETTINGS,
    P.READ_JOBS,
    P.MANAGE_PEOPLE,
    P.MANAGE_ASSIGNMENTS,
    P.MANAGE_MERCHANTS,
    P.MANAGE_CONTACTS,
    P.MANAGE_CONTRACTS,
    P.MANAGE_LIMITS,
    P.MANAGE_SETTINGS,
    P.MANAGE_API_KEYS,
    P.MANAGE_WEBHOOKS,
    P.RETRY_JOBS,
}

# Reports, supplements and rates; what binds the merchant is the owner's.
_MERCHANT = frozenset(
    {
        P.READ_TICKETS,
        P.READ_TICKET_SUMMARY,
        P.REPORT_TICKET,
        P.SUPPLEMENT,
        P.WRITE_MESSAGE,
        P.RATE,
        P.CONFIRM_RESULT,
        P.REOPEN,
    }
)

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.ACCOUNT_MANAGER: _FRONT_DESK,
    Role.SERVICE_AGENT: _FRONT_DESK,
    Role.SPECIALIST: _DEPARTMENT_WORK,
    Role.SUPERVISOR: _SUPERVISION,
    Role.EXECUTIVE: _DIRECTION,
    # Of a ticket only what a cost needs: its summary, and the clauses that say who bears it.
    Role.FINANCE: _AGENCY | {P.READ_TICKET_SUMMARY, P.READ_CONTRACTS, P.READ_REPORTS},
    # Checks, and changes nothing.
    Role.AUDITOR: _AGENCY | {P.READ_TICKET_SUMMARY, P.READ_CONTRACTS, P.READ_SETTINGS, P.READ_JOBS, P.READ_AUDIT},
    Role.AGENCY_ADMIN: _SETTING_UP,
    Role.MERCHANT_OWNER: _MERCHANT | {P.READ_CONTRACTS, P.CONFIRM_PLAN, P.WITHDRAW, P.NEGOTIATE, P.SIGN_FOR_MERCHANT},
    Role.MERCHANT_MEMBER: _MERCHANT,
}

# What the worker does with nobody at the keyboard: it detects, watches and chases.
SYSTEM_MAY = frozenset(
    {P.READ_TICKETS, P.READ_TICKET_SUMMARY, P.REPORT_TICKET, P.WATCH_METRIC, P.ESCALATE, P.WRITE_NOTE}
)


def allows(person: Person, permission: Permission) -> bool:
    """Whether any of the person's roles grants the permission and their key, if one acts, covers it."""
    if person.scopes is not None and permission.scope not in person.scopes:
        return False
    if person.is_system:
        return permission in SYSTEM_MAY
    return any(permission in MATRIX[role] for role in person.roles)


def authorize(person: Person, permission: Permission) -> None:
    """Return when the person may; otherwise raise PermissionMissing, which names the permission."""
    if not allows(person, permission):
        raise PermissionMissing(permission)
