"""What this room refuses."""

from tenants.labels import Labelled
from tenants.refusals import N_, NotPermitted


class PermissionMissing(NotPermitted):
    """Raised when none of the person's roles grants the permission, or their API key's scopes leave it out."""

    def __init__(self, permission: Labelled) -> None:
        super().__init__(N_("您没有“%(permission)s”的权限。"), permission=permission)
