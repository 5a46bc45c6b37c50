"""The pages of imports. The one list."""

from anshou.portal.imports import batch, columns, meanings, overview

IMPORTS = (
    overview.imports_page,
    overview.submit_file,
    columns.columns_page,
    columns.submit_place,
    columns.submit_columns,
    columns.submit_dropping,
    meanings.values_page,
    meanings.submit_values,
    batch.import_page,
    batch.import_state,
    batch.submit_decision,
    batch.submit_import,
    batch.submit_undoing,
)
