"""What this room leaves in the audit trail about reveals, objections and decoys.

All of it readable: ids, codes and the agency's own words for purposes. Who saw what must still be read, and a refused
look still be recorded, when the merchant's key is gone.
"""

from confidentiality.audit.actions import action
from tenants.refusals import N_

REVEAL_SHOWN = action("reveal.shown", N_("查看保密内容"), plain=True)
REVEAL_COPIED = action("reveal.copied", N_("复制保密内容"), plain=True)
REVEAL_REFUSED = action("reveal.refused", N_("查看保密内容被拒绝"), plain=True)
SEAL_BROKEN = action("reveal.seal_broken", N_("保密内容无法打开"), plain=True)
LIST_MASKED = action("reveal.list_masked", N_("列出脱敏内容"), plain=True)
RULES_CHANGED = action("reveal.rules_changed", N_("修改查看规则"), plain=True)
PURPOSES_CHANGED = action("reveal.purposes_changed", N_("修改查看目的"), plain=True)
OBJECTION_RAISED = action("reveal.objection_raised", N_("商家对查看提出异议"), plain=True)
OBJECTION_ANSWERED = action("reveal.objection_answered", N_("答复查看异议"), plain=True)
DECOY_PLANTED = action("decoy.planted", N_("设置诱饵记录"), plain=True)
DECOY_LIFTED = action("decoy.lifted", N_("撤下诱饵记录"), plain=True)
DECOY_TOUCHED = action("decoy.touched", N_("诱饵记录被接触"), plain=True)
