"""What this room refuses."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class BudgetNotFound(NotFound):
    """Raised when there is no such budget, or it is not the person's to see."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项预算。"))


class BudgetInvalid(Invalid):
    """Raised when a budget names what there is not; `field` is the one to put right."""

    def __init__(self, field: str, expected: Message) -> None:
        super().__init__(N_("请检查填写的内容：%(first)s"), {field: expected}, first=expected)


class BudgetExists(Invalid):
    """Raised when a budget of the same scope and period is in force already: it is changed, not set beside."""

    def __init__(self, period: str) -> None:
        expected = Message(N_("%(period)s 已有相同范围的预算，请直接修改那一项"), period=period)
        super().__init__(N_("%(expected)s"), {"day": expected}, expected=expected)


class BudgetChanged(Conflict):
    """Raised when somebody else changed the budget first."""

    def __init__(self) -> None:
        super().__init__(N_("这项预算刚被他人修改，请查看后再试。"))


class BudgetRetired(Conflict):
    """Raised when a budget that is not in force any more is to be retired."""

    def __init__(self) -> None:
        super().__init__(N_("这项预算已停用。"))
