"""The pages of the close. The one list."""

from anshou.portal.closing import exports, mapping, months

CLOSING = (
    months.months_page,
    months.month_page,
    months.close,
    months.approve,
    months.reopening_page,
    months.submit_reopening,
    months.refusing_page,
    months.submit_refusal,
    exports.export_page,
    exports.export,
    exports.export_file,
    mapping.mapping_page,
    mapping.submit_mapping,
)
