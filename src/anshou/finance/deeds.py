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
