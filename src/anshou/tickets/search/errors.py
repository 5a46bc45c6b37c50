"""What a search refuses."""

from tenants.refusals import N_, Invalid


class QuestionTooShort(Invalid):
    """Raised when nothing that was typed is long enough to be looked for."""

    def __init__(self) -> None:
        super().__init__(N_("请至少输入两个连续的字，或三位以上的字母、四位以上的数字。"))
