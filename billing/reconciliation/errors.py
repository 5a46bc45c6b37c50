"""What this room refuses."""

from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class FileImportedAlready(Conflict):
    """Raised when the very same file was imported before; nothing was added."""

    def __init__(self, on: date) -> None:
        super().__init__(N_("这个文件已于 %(on)s 导入过，没有重复导入。"), on=on.isoformat())


class ImportInvalid(Invalid):
    """Raised when what is to be imported cannot be kept."""

    def __init__(self, why: Message) -> None:
        super().__init__(N_("不能导入：%(why)s"), why=why)


class LineNotFound(NotFound):
    """Raised when there is no such line, on either side."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这一行。"))


class MatchNotFound(NotFound):
    """Raised when there is no such match."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这笔匹配。"))


class LineTaken(Conflict):
    """Raised when a line belongs to a live match already: somebody was faster, or it was chosen twice."""

    def __init__(self) -> None:
        super().__init__(N_("所选的行中有已匹配或已处理的，请刷新后再试。"))


class MonthClosed(Conflict):
    """Raised when a match would come into, or leave, a month that is closed."""

    def __init__(self, day: date) -> None:
        super().__init__(N_("会计期间 %(month)s 已结账，其中的匹配不能更改。"), month=f"{day:%Y-%m}")


class MatchUndone(Conflict):
    """Raised when the match was undone already."""

    def __init__(self) -> None:
        super().__init__(N_("这笔匹配已经撤销。"))


class MatchHeld(Conflict):
    """Raised when a match cannot be undone because something was built on it."""

    def __init__(self) -> None:
        super().__init__(N_("拆分或合并得到的行已经匹配，或差额核销尚未冲销，请先撤销。"))


class MatchInvalid(Invalid):
    """Raised when lines cannot be put together like this."""

    def __init__(self, why: Message) -> None:
        super().__init__(N_("不能这样匹配：%(why)s"), why=why)


class WriteOffTooLarge(Conflict):
    """Raised when a difference is larger than what may be written off for the source."""

    def __init__(self, yuan: str, most: str) -> None:
        super().__init__(N_("差额 %(yuan)s 元超过可核销的上限 %(most)s 元。"), yuan=yuan, most=most)


class NothingToWriteOff(Conflict):
    """Raised when a match has no difference, or it is written off already."""

    def __init__(self) -> None:
        super().__init__(N_("这笔匹配没有待核销的差额。"))
