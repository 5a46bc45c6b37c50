"""The keys under which confidential fields are sealed: where they come from, how long they are kept, how they end.

A wrapping key per owner lives in the key management service and never leaves it. It wraps the owner's random key, which
wraps the data keys by version and the index key; only those wrapped ones are rows. An owner is a merchant, or the
tenant itself for what belongs to the agency and to no merchant. Destroying the wrapping key makes everything sealed of
the owner unreadable, in backups of the database too: see `docs/decisions/0080-keys-that-can-be-destroyed.md`.

Knows owners by their ids only. May import `confidentiality` and `tenants`.
"""
