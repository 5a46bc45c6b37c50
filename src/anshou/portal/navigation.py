"""The side navigation: what each person finds in it. The one list of the portal's places."""

from dataclasses import dataclass

from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from tenants.refusals import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the side navigation. `needs` is the permission without which it is not offered."""

    label: str
    address: str
    icon: str
    needs: Permission
    # Whether a number stands beside it: `counts` says of what.
    is_counted: bool = False

    @property
    def name(self) -> str:
        """What its number is called in the page."""
        return self.address.strip("/").replace("/", "-")


@dataclass(frozen=True, slots=True)
class Section:
    """Places under one heading."""

    label: str
    places: tuple[Place, ...]


# Where whoever issues statements begins the day.
FINANCE_DESK = "/finance"

AGENCY = (
    Section(
        N_("工作台"),
        (
            Place(N_("我的一天"), "/my-day", "sun", Permission.READ_TICKETS),
            Place(N_("工单队列"), "/tickets", "inbox", Permission.READ_TICKET_SUMMARY),
            Place(N_("团队看板"), "/board", "layout-kanban", Permission.READ_TEAM),
            Place(N_("超时工单"), "/overdue", "clock-exclamation", Permission.READ_TICKETS),
            Place(N_("新建工单"), "/tickets/new", "plus", Permission.REPORT_TICKET),
            Place(N_("常用语"), "/answers", "notes", Permission.USE_ANSWERS),
            Place(N_("服务指标"), "/measures", "chart-line", Permission.READ_TICKET_SUMMARY),
        ),
    ),
    Section(
        N_("财务"),
        (
            Place(N_("待办"), FINANCE_DESK, "clock", Permission.ISSUE_STATEMENTS),
            Place(N_("费用"), "/costs", "wallet", Permission.READ_COSTS, is_counted=True),
            Place(N_("对账单"), "/statements", "checklist", Permission.READ_STATEMENTS),
            Place(
                N_("对账异议"),
                "/statements/disputes",
                "message-2",
                Permission.READ_DISPUTES,
                is_counted=True,
            ),
            Place(N_("开票"), "/invoices", "receipt", Permission.READ_STATEMENTS),
            Place(N_("对账"), "/reconciliation", "scale", Permission.KEEP_BOOKS),
            Place(N_("账簿"), "/ledger", "notes", Permission.READ_BOOKS),
            Place(N_("月末结账"), "/closing", "calendar-event", Permission.READ_STATEMENTS),
            Place(N_("归属规则"), "/attribution-rules", "arrows-split", Permission.SET_ATTRIBUTION_RULES),
            Place(N_("预算"), "/budgets", "adjustments", Permission.READ_BUDGETS),
            # Of the whole agency, like statements; reports are narrowed for a supervisor.
            Place(N_("售后成本"), "/reports", "report-money", Permission.READ_STATEMENTS),
            Place(N_("报表"), "/reports/finance", "chart-bar", Permission.READ_REPORTS),
        ),
    ),
    Section(
        N_("保密"),
        (
            Place(N_("消费者查找"), "/consumers", "search", Permission.SEARCH_CONSUMERS),
            Place(N_("查看记录"), "/reveals", "eye", Permission.READ_REVEALS, is_counted=True),
            Place(N_("诱饵记录"), "/decoys", "flag", Permission.READ_DECOYS),
            Place(N_("对外提供"), "/disclosures", "shield-lock", Permission.READ_DISCLOSURES),
            Place(N_("处理台账"), "/register", "list-details", Permission.READ_REGISTER),
            Place(N_("数据密钥"), "/data-keys", "lock", Permission.MANAGE_KEYS),
            Place(N_("个人信息请求"), "/requests", "user", Permission.HANDLE_SUBJECT_REQUESTS),
            Place(N_("审计记录"), "/audit", "shield-check", Permission.READ_AUDIT),
        ),
    ),
    Section(
        N_("管理"),
        (
            Place(N_("商家档案"), "/merchants", "building-store", Permission.READ_MERCHANTS),
            Place(N_("导入台账"), "/imports", "upload", Permission.IMPORT_TICKETS),
            Place(N_("人员"), "/people", "users", Permission.MANAGE_PEOPLE),
            Place(N_("设置"), "/settings", "settings", Permission.READ_SETTINGS),
            Place(N_("接口密钥"), "/api-keys", "key", Permission.MANAGE_API_KEYS),
            Place(N_("后台任务"), "/jobs", "refresh", Permission.READ_JOBS),
        ),
    ),
)

MERCHANT = (
    Section(
        N_("售后服务"),
        (
            Place(N_("我的工单"), "/my/tickets", "inbox", Permission.READ_TICKETS),
            Place(N_("反馈问题"), "/my/report", "message-2", Permission.REPORT_TICKET),
            Place(N_("消费者查找"), "/my/consumers", "search", Permission.SEARCH_CONSUMERS),
            Place(N_("服务指标"), "/my/measures", "chart-line", Permission.READ_TICKETS),
            Place(N_("服务团队"), "/my/people", "users", Permission.READ_TICKETS),
            Place(N_("合同"), "/my/contract", "file-text", Permission.READ_CONTRACTS),
            Place(N_("对账单"), "/my/statements", "checklist", Permission.READ_STATEMENTS),
            Place(N_("发票"), "/my/invoices", "receipt", Permission.READ_STATEMENTS),
        ),
    ),
    Section(
        N_("我的数据"),
        (
            Place(N_("查看记录"), "/my/data", "eye", Permission.READ_REVEALS),
            Place(N_("审计检查点"), "/my/data/checkpoints", "shield-check", Permission.READ_REVEALS),
            Place(N_("对外提供授权"), "/my/data/consents", "shield-lock", Permission.READ_DISCLOSURES),
            Place(N_("委托处理与证明"), "/my/data/entrustment", "archive", Permission.READ_DISCLOSURES),
            Place(N_("个人信息请求"), "/my/data/requests", "user", Permission.RECORD_CONSUMER),
        ),
    ),
)


def places_for(person: Person) -> tuple[Section, ...]:
    """The sections of the person's desk with the places they may enter; empty sections are left out."""
    desk = MERCHANT if person.is_merchant else AGENCY
    offered = (
        Section(section.label, tuple(place for place in section.places if allows(person, place.needs)))
        for section in desk
    )
    return tuple(section for section in offered if section.places)


def current(address: str, sections: tuple[Section, ...]) -> str:
    """The address of the place that a page belongs to: the longest that the page's address starts with."""
    fitting = [
        place.address
        for section in sections
        for place in section.places
        if address == place.address or address.startswith(place.address + "/")
    ]
    return max(fitting, key=len, default="")
