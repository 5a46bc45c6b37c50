"""What the agency writes down because a law asks for it, and for how long."""

from anshou.privacy.retention.kinds import Kind, Minimum, Unit
from tenants.erasing import Content
from tenants.refusals import N_

IMPACT_ASSESSMENTS = Kind(
    code="impact_assessments",
    label=N_("个人信息保护影响评估"),
    starts=N_("登记之日"),
    stays=N_("无"),
    unit=Unit.MONTHS,
    default=60,
    minimum=Minimum(36, N_("《个人信息保护法》第五十六条"), N_("影响评估报告和处理情况记录至少保存三年")),
    table="impact_assessment",
    subjects=(
        "SELECT id, NULL::uuid AS merchant_id, NULL::uuid AS ticket_id, recorded_at AS started_at "
        "FROM impact_assessment"
    ),
    contents=(Content(table="impact_assessment", by="id"),),
)

OF_DUTIES = (IMPACT_ASSESSMENTS,)
