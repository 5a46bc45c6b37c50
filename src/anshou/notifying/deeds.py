"""What the audit record says about channels. Kept readable: ids, names of messengers, kinds of event; no address."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

ROBOT_REGISTERED = action("robot.registered", N_("登记群机器人"), plain=True)
ROBOT_CHANGED = action("robot.changed", N_("修改群机器人"), plain=True)
ROBOT_REMOVED = action("robot.removed", N_("删除群机器人"), plain=True)
DEFAULTS_CHANGED = action("notifications.defaults_changed", N_("修改角色的默认通知方式"), plain=True)
MAILBOX_CHANGED = action("replies.mailbox_changed", N_("修改收邮件回复的邮箱"), plain=True)
