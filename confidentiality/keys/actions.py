"""What this room leaves in the audit trail. Ids and versions only, so each stays readable when a key is gone."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

KEYS_MADE = action("keys.made", N_("生成密钥"), plain=True)
KEYS_ROTATED = action("keys.rotated", N_("轮换密钥"), plain=True)
KEYS_REWRAPPED = action("keys.rewrapped", N_("更新密钥的封装"), plain=True)
RESEALED = action("keys.resealed", N_("完成重新加密"), plain=True)
DESTRUCTION_PROPOSED = action("keys.destruction_proposed", N_("提议销毁密钥"), plain=True)
DESTRUCTION_APPROVED = action("keys.destruction_approved", N_("批准销毁密钥"), plain=True)
DESTRUCTION_CANCELLED = action("keys.destruction_cancelled", N_("取消销毁密钥"), plain=True)
KEYS_DESTROYED = action("keys.destroyed", N_("销毁密钥"), plain=True)
