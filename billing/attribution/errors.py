"""Why a cost cannot be attributed."""

from tenants.refusals import N_, Conflict, Invalid


class AmountsClosed(Conflict):
    """Raised when a clause limits an amount that is not known: it lies sealed, or its key is destroyed."""

    def __init__(self, clause: str) -> None:
        super().__init__(N_("条款“%(clause)s”的金额未能读取，无法归属费用"), clause=clause)


class ClaimOutOfRange(Invalid):
    """Raised when a claim is said to have brought more than was claimed, or less than nothing."""

    def __init__(self) -> None:
        said = N_("实收金额须在零与索赔金额之间")
        super().__init__(said, {"received": said})
