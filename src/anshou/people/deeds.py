"""What the audit record says about people: who came in, as what, and what they may do since.

All are kept readable: ids, codes and addresses of machines, never what somebody typed.
"""

from confidentiality.audit.actions import action
from tenants.refusals import N_

SIGNED_IN = action("sign_in.succeeded", N_("登录成功"), plain=True)
SIGN_IN_FAILED = action("sign_in.failed", N_("登录失败"), plain=True)
SESSION_ENDED = action("session.ended", N_("结束会话"), plain=True)
PASSWORD_CHANGED = action("password.changed", N_("修改密码"), plain=True)
PASSWORD_LINK_ISSUED = action("password.link_issued", N_("发出重设密码链接"), plain=True)
SECOND_FACTOR_CHANGED = action("second_factor.changed", N_("变更二次验证"), plain=True)
PERSON_INVITED = action("person.invited", N_("邀请人员"), plain=True)
INVITATION_REVOKED = action("person.invitation_revoked", N_("撤回邀请"), plain=True)
PERSON_ADMITTED = action("person.admitted", N_("人员加入"), plain=True)
PERSON_SUSPENDED = action("person.suspended", N_("停用人员"), plain=True)
PERSON_RESUMED = action("person.resumed", N_("恢复人员"), plain=True)
ROLES_CHANGED = action("person.roles_changed", N_("变更角色"), plain=True)
ASSIGNMENTS_CHANGED = action("person.assignments_changed", N_("变更负责的商家"), plain=True)
PLACES_CHANGED = action("person.places_changed", N_("变更所属商家"), plain=True)
KEY_MADE = action("api_key.made", N_("创建接口密钥"), plain=True)
KEY_REVOKED = action("api_key.revoked", N_("吊销接口密钥"), plain=True)
SETTINGS_CHANGED = action("settings.changed", N_("变更设置"), plain=True)
