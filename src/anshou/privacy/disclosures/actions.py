"""What of disclosures the audit trail records."""

from anshou.privacy.disclosures.kinds import EndSort
from confidentiality.audit.actions import action
from tenants.refusals import N_

REQUESTED = action("disclosure.requested", N_("申请对外提供"))
CONSENT_SIGNED = action("consent.signed", N_("签署对外提供同意"))
EXPORTED = action("disclosure.exported", N_("对外提供导出"))
REFUSED_EXPORT = action("disclosure.export_refused", N_("无同意的导出被拒绝"))

ENDED = {
    EndSort.REFUSED: action("consent.refused", N_("拒绝对外提供")),
    EndSort.RETRACTED: action("disclosure.retracted", N_("撤销对外提供申请")),
    EndSort.WITHDRAWN: action("consent.withdrawn", N_("撤回对外提供同意")),
    EndSort.EXPIRED: action("consent.expired", N_("对外提供同意到期")),
}
