"""One door to the three targets: preflight first, then the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from billing.voucher_files.preflight import obstacles
from billing.voucher_files.shapes import Export, ExportRefused, Posted, Target
from billing.voucher_files.u8 import u8
from billing.voucher_files.workbooks import jingdouyun, k3

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class VoucherFile:
    """A file to be imported elsewhere."""

    ending: str
    media_type: str
    content: bytes


_WRITERS: Mapping[Target, tuple[str, str, Callable[[Sequence[Posted], Export], bytes]]] = {
    Target.JINGDOUYUN: ("xlsx", _WORKBOOK, jingdouyun),
    Target.K3: ("xlsx", _WORKBOOK, k3),
    Target.U8: ("txt", "text/plain; charset=gbk", u8),
}
MEDIA_TYPES = tuple(dict.fromkeys(media_type for _, media_type, _ in _WRITERS.values()))


def write(vouchers: Sequence[Posted], export: Export) -> VoucherFile:
    """The file of these vouchers for the export's target, whole or not at all. Raises ExportRefused."""
    if found := obstacles(vouchers, export):
        raise ExportRefused(found)
    ending, media_type, written = _WRITERS[export.target]
    return VoucherFile(ending, media_type, written(vouchers, export))
