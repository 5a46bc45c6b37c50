"""The roles and departments of an agency and its merchants (domain.md section 1).

Two persons of that section hold no account here and therefore no role: the consumer comes by a private link to one
case, and the platform operator works on the registry and never enters a tenant.
"""

from tenants.labels import Labelled
from tenants.refusals import N_


class Role(Labelled):
    """What a person is to the agency. One person may hold several."""

    ACCOUNT_MANAGER = "account_manager", N_("客户经理")
    SERVICE_AGENT = "service_agent", N_("售后客服")
    SPECIALIST = "specialist", N_("部门专员")
    SUPERVISOR = "supervisor", N_("部门主管")
    FINANCE = "finance", N_("财务")
    EXECUTIVE = "executive", N_("高层管理")
    AUDITOR = "auditor", N_("审计")
    AGENCY_ADMIN = "agency_admin", N_("系统管理员")
    MERCHANT_OWNER = "merchant_owner", N_("商家负责人")
    MERCHANT_MEMBER = "merchant_member", N_("商家成员")


MERCHANT_ROLES = frozenset({Role.MERCHANT_OWNER, Role.MERCHANT_MEMBER})
AGENCY_ROLES = frozenset(Role) - MERCHANT_ROLES

# Held for one department at a time: the grant names it.
DEPARTMENT_ROLES = frozenset({Role.SPECIALIST, Role.SUPERVISOR})

# Who holds nothing beyond these sees only the merchants assigned to them.
ASSIGNED_ROLES = frozenset({Role.ACCOUNT_MANAGER, Role.SERVICE_AGENT})


class Department(Labelled):
    """A department of the agency to which a ticket can be handed."""

    AFTER_SALES_SERVICE = "after_sales_service", N_("售后客服部")
    OPERATIONS = "operations", N_("业务部门")
    TECHNICAL_SUPPORT = "technical_support", N_("技术支持部")
    QUALITY = "quality", N_("质量检测部")
    LOGISTICS = "logistics", N_("物流部")
    OPERATIONS_MANAGEMENT = "operations_management", N_("运营管理部")
    FINANCE = "finance", N_("财务部")
    MANAGEMENT = "management", N_("高层管理")


class Scope(Labelled):
    """What an API key may be used for. A key never grants more than its account's own roles do."""

    READ = "read", N_("读取")
    WRITE = "write", N_("处理工单")
    MANAGE = "manage", N_("管理设置")
    # Apart from the rest: a key that works on tickets is not for that reason trusted with what they hold in confidence.
    REVEAL = "reveal", N_("查看保密内容")
