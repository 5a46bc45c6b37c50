"""The close of a month in the portal: what it lacks, closing and reopening, and vouchers handed over."""
