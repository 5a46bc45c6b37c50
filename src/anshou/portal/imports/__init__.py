"""Ledgers of before taken over as tickets, page by page: upload, columns, values, what is found, import, undo."""
