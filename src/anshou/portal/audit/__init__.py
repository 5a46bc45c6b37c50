"""The audit record's pages: the auditor's list, a leaf with its proof, checkpoints, the export."""
