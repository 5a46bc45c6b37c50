"""What the audit record says about tickets and time limits. Kept readable: ids, codes and digests, no text."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

ENTRY_MADE = action("ticket.entry", N_("工单时间线新增记录"), plain=True)
LIST_EXPORTED = action("ticket.list_exported", N_("导出工单列表"), plain=True)
LIMITS_CHANGED = action("limits.changed", N_("变更时限或日历"), plain=True)
