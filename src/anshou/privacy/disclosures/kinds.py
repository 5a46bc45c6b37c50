"""The words of disclosures: who receives, which part a consent is for, how it stands and how it ended."""

from tenants.labels import Labelled
from tenants.refusals import N_


class RecipientKind(Labelled):
    """Who receives what is handed out."""

    CARRIER = "carrier", N_("物流承运商")
    PLATFORM = "platform", N_("电商平台")
    SUPPLIER = "supplier", N_("供应商")
    LAWYER = "lawyer", N_("律师")
    AUTHORITY = "authority", N_("法院、仲裁机构或主管部门")
    APPRAISER = "appraiser", N_("鉴定检测机构")
    INSURER = "insurer", N_("保险机构")
    OTHER = "other", N_("其他")


class Part(Labelled):
    """What a signature or an end is about: the consent itself, or the separate one for sensitive information."""

    GENERAL = "general", N_("对外提供同意")
    SENSITIVE = "sensitive", N_("敏感个人信息单独同意")


class EndSort(Labelled):
    """How a part of a consent ended."""

    REFUSED = "refused", N_("已拒绝")
    RETRACTED = "retracted", N_("已撤销申请")
    WITHDRAWN = "withdrawn", N_("已撤回同意")
    EXPIRED = "expired", N_("已到期")


class Standing(Labelled):
    """Where a disclosure stands at an instant."""

    WAITING = "waiting", N_("待商家签署")
    UPCOMING = "upcoming", N_("已签署，未到生效日")
    IN_FORCE = "in_force", N_("生效中")
    REFUSED = "refused", N_("已拒绝")
    RETRACTED = "retracted", N_("已撤销申请")
    WITHDRAWN = "withdrawn", N_("已撤回同意")
    EXPIRED = "expired", N_("已到期")

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self in (Standing.WAITING, Standing.UPCOMING, Standing.IN_FORCE)


class Format(Labelled):
    """As what an export is handed out."""

    XLSX = "xlsx", N_("Excel 表格")
    JSON = "json", N_("JSON 文件")
    FILE = "file", N_("工单附件")
