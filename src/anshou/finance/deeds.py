"""What this room leaves in the audit record. The bodies hold numbers, codes and amounts, never what a ticket says."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

CLAIMED = action("cost.claimed", N_("登记费用"))
CHANGED = action("cost.changed", N_("修改费用"))
SUBMITTED = action("cost.submitted", N_("提交费用"))
RETURNED = action("cost.returned", N_("退回费用"))
VERIFIED = action("cost.verified", N_("核实费用"))
COUNTERSIGNED = action("cost.countersigned", N_("复核费用"))
WITHDRAWN = action("cost.withdrawn", N_("撤回费用"))
EVIDENCE_OPENED = action("cost.evidence_opened", N_("查看费用凭证"))
RATE_SET = action("cost.rate_set", N_("设置工时费率"), plain=True)
RULES_SET = action("cost.rules_set", N_("设置费用规则"), plain=True)
STATEMENT_PREPARED = action("statement.prepared", N_("编制对账单"))
STATEMENT_REVIEWED = action("statement.reviewed", N_("复核对账单"))
STATEMENT_ISSUED = action("statement.issued", N_("出具对账单"))
STATEMENT_REMINDED = action("statement.reminded", N_("催办对账单"))
STATEMENT_CONFIRMED = action("statement.confirmed", N_("确认对账单"))
STATEMENT_DEEMED_CONFIRMED = action("statement.deemed_confirmed", N_("对账单逾期视为确认"))
LINE_CONFIRMED = action("statement.line_confirmed", N_("确认对账单行"))
LINE_DISPUTED = action("statement.line_disputed", N_("对账单行提出异议"))
LINE_DISPUTE_ACCEPTED = action("statement.dispute_accepted", N_("对账异议成立"))
LINE_DISPUTE_REJECTED = action("statement.dispute_rejected", N_("对账异议不成立"))
LINE_ESCALATED = action("statement.line_escalated", N_("对账异议转为合同争议"))
PAYMENT_RECORDED = action("payment.recorded", N_("登记商家付款"))
