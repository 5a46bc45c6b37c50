"""Sealing: values and files that open only in their own place, under their owner's keys.

Pure: no database connection, no clock, no network. Keys come from outside as bytes; who may open what, for which
purpose and with which record is decided above. The formats are described byte by byte in `docs/seal-format.md`.
May import tenants and the rest of this room's leaves (`associated`, `errors`).
"""
