"""What the audit record says about merchants' contracts. Kept readable: ids and days, no terms."""

from confidentiality.audit.actions import action
from tenants.refusals import N_

VERSION_IN_FORCE = action("contract.version_in_force", N_("合同版本生效"), plain=True)
VERSION_ENDED = action("contract.version_ended", N_("合同版本提前终止"), plain=True)
