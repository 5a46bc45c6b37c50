"""The pages of the close. The one list."""

from anshou.portal.closing import carrying, exports, mapping, months

CLOSING = (
    months.months_page,
    months.month_page,
    months.close,
    months.approve,
    months.reopening_page,
    months.submit_reopening,
    months.refusing_page,
    months.submit_refusal,
    carrying.carrying_page,
    carrying.submit_carrying,
    exports.export_page,
    exports.export,
    exports.export_file,
    mapping.mapping_page,
    mapping.submit_mapping,
)
