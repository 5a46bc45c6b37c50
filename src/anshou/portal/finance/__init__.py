"""Finance's first page: what waits."""
