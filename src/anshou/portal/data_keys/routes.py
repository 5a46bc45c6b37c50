"""The pages about keys, for the portal's one list."""

from anshou.portal.data_keys import destroying, overview

DATA_KEYS = (
    overview.data_keys_page,
    overview.owner_page,
    overview.rotate,
    destroying.proposing_page,
    destroying.submit_proposal,
    destroying.approve,
    destroying.cancel,
)
