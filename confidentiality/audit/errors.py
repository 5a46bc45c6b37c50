"""What the audit record refuses."""

from tenants.refusals import N_, NotFound


class LeafNotFound(NotFound):
    """Raised when there is no such leaf, or not for this reader."""

    def __init__(self) -> None:
        super().__init__(N_("没有这条审计记录"))


class LeafNotSealed(NotFound):
    """Raised when a leaf has no proof yet, because no checkpoint covers it."""

    def __init__(self) -> None:
        super().__init__(N_("这条记录尚未封存，请稍后再取证明"))


class CheckpointNotFound(NotFound):
    """Raised when there is no checkpoint of this size."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个检查点"))


class CheckpointInvalid(Exception):
    """Raised when a note is not a checkpoint that the key signed; says which of the ways it fails."""


class TreeTampered(Exception):
    """Raised when what is stored of the tree is not what the last checkpoint signed: it must not be sealed further."""
