"""The team board of whoever leads a department: who carries what, and giving it to somebody else."""
