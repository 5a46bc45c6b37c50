"""What the agency writes down because a law asks for it, and for how long."""

from anshou.privacy.retention.kinds import Files, Kind, Minimum, Unit, Way
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

LEDGER = Kind(
    code="ledger",
    label=N_("会计凭证与账簿"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("全部"),
    note=N_("凭证、分录与期间只写编号、金额和摘要，不含工单内容，且逐笔参与校验，因此不清除。"),
    unit=Unit.MONTHS,
    default=360,
    minimum=Minimum(360, N_("《会计档案管理办法》第十四条"), N_("会计凭证、会计账簿至少保管三十年")),
    way=Way.KEPT,
)

COST_EVIDENCE = Kind(
    code="cost_evidence",
    label=N_("费用凭证"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("费用的编号、类别、金额、日期、状态与经手人"),
    unit=Unit.MONTHS,
    default=360,
    minimum=Minimum(360, N_("《会计档案管理办法》第十四条"), N_("原始凭证属会计凭证，至少保管三十年")),
    table="cost_item",
    subjects=(
        "SELECT id, merchant_id, ticket_id, "
        "(date_trunc('year', incurred_on::timestamp) + interval '1 year') AT TIME ZONE 'Asia/Shanghai' AS started_at "
        "FROM cost_item"
    ),
    contents=(
        Content(table="cost_item", by="id", columns=("note",)),
        Content(table="cost_deed", by="item_id", columns=("reason",)),
        Content(table="cost_evidence", by="item_id", columns=("name",)),
    ),
    files=(Files("cost_evidence", "item_id"),),
)

# The lines say which posting they show and why, in figures and sentences of the contract; their digest proves them.
STATEMENTS = Kind(
    code="statements",
    label=N_("商家对账单"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("编号、逐行金额、依据与双方的答复，不含理由和附件"),
    unit=Unit.MONTHS,
    default=360,
    minimum=Minimum(360, N_("《会计档案管理办法》第十四条"), N_("对账单及所附凭证属原始凭证，至少保管三十年")),
    table="statement",
    subjects=(
        "SELECT id, merchant_id, NULL::uuid AS ticket_id, "
        "(date_trunc('year', issued_at AT TIME ZONE 'Asia/Shanghai') + interval '1 year') "
        "AT TIME ZONE 'Asia/Shanghai' AS started_at FROM statement"
    ),
    contents=(
        Content(table="statement_word", by="statement_id", columns=("reason",)),
        Content(table="statement_file", by="statement_id", columns=("name",)),
    ),
    files=(Files("statement_file", "statement_id"),),
)

BUDGETS = Kind(
    code="budgets",
    label=N_("预算"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("全部"),
    note=N_("预算只写部门、商家、费用类别与金额，不含工单内容，因此不清除。"),
    unit=Unit.MONTHS,
    default=360,
    minimum=Minimum(360, N_("《会计档案管理办法》第十四条"), N_("随会计账簿保管三十年")),
    way=Way.KEPT,
)

# Names and words of bank statements and bills are of people who are not in the books themselves.
BANK_STATEMENTS = Kind(
    code="bank_statements",
    label=N_("银行对账单与外部账单"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("日期、金额、单号与匹配结果"),
    unit=Unit.MONTHS,
    default=120,
    minimum=Minimum(120, N_("《会计档案管理办法》第十四条"), N_("银行对账单至少保管十年")),
    table="import_batch",
    subjects=(
        "SELECT id, NULL::uuid AS merchant_id, NULL::uuid AS ticket_id, "
        "(date_trunc('year', last_on::timestamp) + interval '1 year') AT TIME ZONE 'Asia/Shanghai' AS started_at "
        "FROM import_batch"
    ),
    contents=(Content(table="external_line", by="batch_id", columns=("counterparty", "text")),),
)

OF_DUTIES = (IMPACT_ASSESSMENTS, LEDGER, COST_EVIDENCE, STATEMENTS, BUDGETS, BANK_STATEMENTS)
