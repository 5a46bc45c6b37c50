"""What the record says about itself."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

HISTORY_FORKED = action("audit.forked", N_("审计记录与已发布的检查点分叉"), plain=True)
SEAL_WRITTEN = action("seal.written", N_("写入密封字段"), plain=True)
SEAL_CLEARED = action("seal.cleared", N_("清除密封字段"), plain=True)
EXPORTED = action("audit.exported", N_("导出审计记录"), plain=True)
