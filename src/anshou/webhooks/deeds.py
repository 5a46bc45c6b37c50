"""What the audit record says about webhooks: where events go to. Kept readable: ids, and of the address the host."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

ENDPOINT_REGISTERED = action("webhook.registered", N_("登记事件推送地址"), plain=True)
ENDPOINT_REMOVED = action("webhook.removed", N_("删除事件推送地址"), plain=True)
