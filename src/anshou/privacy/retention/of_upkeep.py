"""Kinds that hold nothing confidential and are swept by their own rooms, and those that stay."""

from anshou.privacy.retention.kinds import Kind, Minimum, Unit, Way
from tenants.refusals import N_

PROCESSING = Minimum(
    36, N_("《网络数据安全管理条例》第十二条"), N_("向他人提供或委托处理个人信息的处理情况记录至少保存三年")
)


def _of_the_agency(table: str, started: str) -> str:
    """What belongs to no merchant and no ticket."""
    return f"SELECT id, NULL::uuid AS merchant_id, NULL::uuid AS ticket_id, {started} AS started_at FROM {table}"


SIGN_INS = Kind(
    code="sign_ins",
    label=N_("登录记录"),
    starts=N_("会话结束之日"),
    stays=N_("无"),
    unit=Unit.DAYS,
    default=190,
    # Six calendar months have at most 184 days.
    minimum=Minimum(184, N_("《网络安全法》第二十一条第三项"), N_("网络日志至少留存六个月")),
    maximum=3650,
    way=Way.SWEPT,
)

NOTICES = Kind(
    code="notices",
    label=N_("通知与邮件记录"),
    starts=N_("发出之日"),
    stays=N_("无"),
    note=N_("通知只写工单编号和事项种类，不含工单内容。"),
    unit=Unit.DAYS,
    default=180,
    maximum=3650,
    way=Way.SWEPT,
    table="notice",
    subjects=_of_the_agency("notice", "left_at"),
)

WEBHOOK_DELIVERIES = Kind(
    code="webhook_deliveries",
    label=N_("事件推送记录"),
    starts=N_("产生之日"),
    stays=N_("无"),
    note=N_("推送只含编号与状态，不含工单内容。"),
    unit=Unit.DAYS,
    default=90,
    maximum=3650,
    way=Way.SWEPT,
    table="webhook_delivery",
    subjects=_of_the_agency("webhook_delivery", "created_at") + " WHERE state <> 'pending'",
)

DRAFTS = Kind(
    code="drafts",
    label=N_("没有发送的草稿"),
    starts=N_("最后一次保存之时"),
    stays=N_("无"),
    note=N_("草稿只有本人能看到，发送后即删除；保密工单不保存草稿。"),
    unit=Unit.DAYS,
    default=30,
    maximum=365,
    way=Way.SWEPT,
    table="ticket_draft",
    subjects="SELECT id, merchant_id, ticket_id, saved_at AS started_at FROM ticket_draft",
)

LEFT_IMPORTS = Kind(
    code="left_imports",
    label=N_("没有完成的台账导入"),
    starts=N_("最后一次检查之时，没有检查过的为上传之时"),
    stays=N_("文件名与上传人"),
    note=N_("上传的表格以密文保存，导入或放弃后即删除；到期视为放弃。"),
    unit=Unit.DAYS,
    default=30,
    maximum=365,
    way=Way.SWEPT,
    table="ticket_import",
    subjects=_of_the_agency("ticket_import", "GREATEST(asked_at, began_at)")
    + " WHERE step IN ('mapping', 'checking', 'checked', 'importing', 'refused')",
)

API_ANSWERS = Kind(
    code="api_answers",
    label=N_("接口应答留存"),
    starts=N_("应答之时"),
    stays=N_("无"),
    note=N_("为重复请求保存的应答，以密文保存。"),
    unit=Unit.DAYS,
    default=2,
    maximum=30,
    way=Way.SWEPT,
    table="kept_answer",
    subjects=_of_the_agency("kept_answer", "answered_at"),
)

AUDIT_LEAVES = Kind(
    code="audit_leaves",
    label=N_("审计记录"),
    starts=N_("记录之日"),
    stays=N_("全部"),
    note=N_("审计记录不含保密内容，每一条都参与校验，因此不清除；商家密钥销毁后，其中封存的部分无法再打开。"),
    unit=Unit.MONTHS,
    default=36,
    minimum=PROCESSING,
    way=Way.KEPT,
)

DISCLOSURES = Kind(
    code="disclosures",
    label=N_("对外提供与查看记录"),
    starts=N_("记录之日"),
    stays=N_("全部"),
    note=N_("向谁提供、依据哪份同意、谁因何查看，本身不含被提供或被查看的内容，因此不清除。"),
    unit=Unit.MONTHS,
    default=36,
    minimum=PROCESSING,
    way=Way.KEPT,
)

OF_UPKEEP = (SIGN_INS, NOTICES, WEBHOOK_DELIVERIES, DRAFTS, LEFT_IMPORTS, API_ANSWERS, DISCLOSURES, AUDIT_LEAVES)
