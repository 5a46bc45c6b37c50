"""Requests of people about their personal information, once they are answered."""

from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.retention.kinds import Kind, Unit
from anshou.privacy.retention.sealed_content import sealed_content
from tenants.refusals import N_

SUBJECT_REQUESTS = Kind(
    code="subject_requests",
    label=N_("个人信息请求"),
    starts=N_("答复请求人之日"),
    stays=N_("请求编号、事项、各步骤的时间与处理人、决定及其法律理由"),
    note=N_("默认三年，用于证明已依法答复。"),
    unit=Unit.MONTHS,
    default=36,
    table="subject_request",
    subjects="SELECT id, merchant_id, NULL::uuid AS ticket_id, answered_at AS started_at FROM subject_request",
    contents=(sealed_content(SubjectRequest, by="id"),),
)

OF_REQUESTS = (SUBJECT_REQUESTS,)
