"""What the import of spreadsheets refuses."""

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class SheetRefused(Invalid):
    """Raised when a file cannot be read as a spreadsheet; nothing of it is kept."""

    def __init__(self, why: Message) -> None:
        super().__init__(N_("没有读取这份文件：%(why)s"), {"file": why}, why=why)


class ImportNotFound(NotFound):
    """Raised when there is no such import."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这次导入。"))


class MappingIncomplete(Invalid):
    """Raised when a column or value that every ticket needs has no counterpart yet."""

    def __init__(self, missing: str) -> None:
        super().__init__(N_("请先为这些内容选择对应：%(missing)s"), missing=missing)


class NotThatFar(Conflict):
    """Raised when an import does not stand where this could be done with it."""

    def __init__(self, step: str) -> None:
        super().__init__(N_("这次导入现在是“%(step)s”，不能这样操作。"), step=Message(step))


class StillOpen(Conflict):
    """Raised when rows would be imported of which something is undecided."""

    def __init__(self, count: int) -> None:
        super().__init__(N_("还有 %(count)s 处没有确认，请逐处确认、改正或跳过。"), count=count)


class NothingToImport(Conflict):
    """Raised when every row is skipped or there already."""

    def __init__(self) -> None:
        super().__init__(N_("没有要导入的行：都已导入过或被跳过。"))


class NoLongerFits(Conflict):
    """Raised when a row that was ready when it was checked is not any more, e.g. since the merchant has ended."""

    def __init__(self, line: int) -> None:
        super().__init__(
            N_("检查之后情况有变，第 %(line)s 行现在不能导入。请打开各值的含义，确认后会再检查一遍。"), line=line
        )


class SourceGone(Conflict):
    """Raised when the file that was uploaded is no longer kept."""

    def __init__(self) -> None:
        super().__init__(N_("上传的文件已不再保存，请重新上传。"))


class ChoiceInvalid(Invalid):
    """Raised when something was chosen that is none of the choices, or a value typed that cannot be read."""

    def __init__(self) -> None:
        super().__init__(N_("请从列表中选择。"))


class Touched(Conflict):
    """Raised when an import cannot be undone, because something else has happened on its tickets since."""

    def __init__(self, numbers: str, count: int) -> None:
        super().__init__(
            N_("不能撤销：%(count)s 张工单导入后又有了处理记录，如 %(numbers)s。"), count=count, numbers=numbers
        )
