"""Kinds that belong to a ticket: what people wrote, files, records of contacts, agreements. Due by its closing."""

from anshou.privacy.retention.kinds import Files, Kind, Unit
from anshou.tickets.sealed_contents import CONTENTS
from tenants.erasing import Content
from tenants.refusals import N_

_TICKETS = "SELECT id, merchant_id, id AS ticket_id, closed_at AS started_at FROM ticket"
_CLOSED = N_("工单结案之日")

# Everything on a timeline but the records of contacts, which are a kind of their own.
_SAID = ("message", "note", "move", "system", "attachment")

# What binds both sides outlives the rest; what lies sealed of it on a confidential ticket goes with it.
_AGREED = ("agreement", "signature", "proceeding", "proceeding_outcome", "obligation")
_FIGURES = ("metric_window", "observation")
_SEALED_TEXTS = tuple(table for table in CONTENTS if table not in (*_AGREED, *_FIGURES, "attachment"))

TICKET_TEXTS = Kind(
    code="ticket_texts",
    label=N_("工单文字与消息"),
    starts=_CLOSED,
    stays=N_("工单编号、种类、商家、时间、步骤、状态、时限与评分"),
    note=N_(
        "默认三年与《民法典》第一百八十八条的诉讼时效一致；《电子商务法》第三十一条要求平台保存的交易信息以骨架形式保留。"
    ),
    unit=Unit.MONTHS,
    default=36,
    table="ticket",
    subjects=_TICKETS,
    contents=(
        Content(table="ticket", by="id", columns=("title", "description", "request")),
        Content(table="entry", columns=("body", "record"), only=("sort", _SAID)),
        Content(table="closure", columns=("said",)),
        Content(table="reopening", columns=("reason",)),
        Content(table="improvement", columns=("action",)),
        Content(table="hold", columns=("reason",)),
        Content(table="clock_stop", columns=("reason",)),
        Content(table="hand_over", columns=("reason",)),
        Content(table="escalation", columns=("reason", "decision")),
        Content(table="meeting", columns=("people", "discussion")),
        Content(table="meeting_decision", columns=("decision",)),
        Content(table="triage", columns=("findings",)),
        Content(table="analysis", columns=("cause",)),
        Content(table="determination", columns=("basis", "clause", "reason")),
        Content(table="determination_objection", columns=("reason", "heard")),
        Content(table="determination_review", columns=("reason",)),
        Content(table="plan", columns=("summary",)),
        Content(table="measure", columns=("action", "result")),
        Content(table="plan_review", columns=("comment",)),
        Content(table="plan_answer", columns=("comment", "heard")),
        Content(table="rating", columns=("comment", "heard")),
        Content(table="return_visit", columns=("spoke_with",)),
        Content(table="result", columns=("cause", "measures")),
        Content(table="result_confirmation", columns=("comment", "heard")),
        Content(table="question", columns=("question", "answer", "heard")),
        Content(table="evidence_item", columns=("content",)),
        Content(table="point_at_issue", columns=("issue", "agency_part", "merchant_part", "clause")),
        Content(
            table="negotiation_round",
            columns=("people", "agency_position", "merchant_position", "agency_offer", "merchant_offer"),
        ),
        # What was never sent, if the sweep has left any.
        Content(table="ticket_draft"),
        # What was said on a confidential ticket goes with the row that sealed it.
        Content(table="sealed_content", only=("of_table", _SEALED_TEXTS)),
    ),
)

ATTACHMENTS = Kind(
    code="attachments",
    label=N_("工单附件"),
    starts=_CLOSED,
    stays=N_("文件大小、类型、摘要值与上传时间"),
    unit=Unit.MONTHS,
    default=24,
    table="ticket",
    subjects=_TICKETS,
    contents=(
        Content(table="attachment", columns=("name",)),
        Content(table="sealed_content", only=("of_table", ("attachment",))),
    ),
    files=(Files("attachment", "ticket_id"),),
)

COMMUNICATION_RECORDS = Kind(
    code="communication_records",
    label=N_("沟通记录"),
    starts=_CLOSED,
    stays=N_("沟通时间与登记人"),
    unit=Unit.MONTHS,
    default=36,
    table="ticket",
    subjects=_TICKETS,
    contents=(Content(table="entry", columns=("body", "record"), only=("sort", ("contact",))),),
)

AGREEMENTS = Kind(
    code="agreements",
    label=N_("和解协议与裁决"),
    starts=_CLOSED,
    stays=N_("协议的摘要值、签署时间、履行日期"),
    note=N_("摘要值保留，任何一方仍可用手中的文本证明协议内容。"),
    unit=Unit.MONTHS,
    default=120,
    table="ticket",
    subjects=_TICKETS,
    contents=(
        Content(table="agreement", columns=("title", "document")),
        Content(table="signature", columns=("name", "address")),
        Content(table="proceeding", columns=("body", "case_number")),
        Content(table="proceeding_outcome", columns=("text",)),
        Content(table="obligation", columns=("duty",)),
        Content(table="sealed_content", only=("of_table", _AGREED)),
    ),
)

BUSINESS_FIGURES = Kind(
    code="business_figures",
    label=N_("经营数据"),
    starts=_CLOSED,
    stays=N_("指标名称、起止时间、是否恢复正常"),
    unit=Unit.MONTHS,
    default=36,
    table="ticket",
    subjects=_TICKETS,
    contents=(
        Content(table="metric_window", columns=("expected", "observed")),
        Content(table="observation", columns=("observed",)),
        Content(table="sealed_content", only=("of_table", _FIGURES)),
    ),
)

OF_TICKETS = (TICKET_TEXTS, ATTACHMENTS, COMMUNICATION_RECORDS, BUSINESS_FIGURES, AGREEMENTS)
