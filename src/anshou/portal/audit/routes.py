"""The pages about the audit record."""

from anshou.portal.audit import checkpoints, exporting, leaf, record

AUDIT = (
    record.record_page,
    leaf.leaf_page,
    leaf.leaf_proof,
    checkpoints.checkpoints_page,
    checkpoints.my_checkpoints_page,
    checkpoints.download,
    exporting.export_record,
)
