"""What is refused when vouchers are to go out."""

from billing.voucher_files.shapes import Target
from tenants.refusals import N_, Conflict, Message, NotFound


class SettingMissing(Conflict):
    """Raised when nobody has said yet which of the target's accounts ours stand for."""

    def __init__(self, target: Target) -> None:
        super().__init__(N_("请先设置“%(target)s”的科目对应。"), target=Message(target.label))


class ExportNotFound(NotFound):
    """Raised when there is no such export."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这次凭证导出。"))


class FileChanged(Conflict):
    """Raised when the file made anew is not the one that went out, as after an update of the product."""

    def __init__(self) -> None:
        super().__init__(N_("重新生成的文件与当时导出的不一致，为避免重复记账，不予下载。"))
