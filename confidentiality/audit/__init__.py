"""The record of who did what: leaves written with the deed, a Merkle tree over them, signed checkpoints, proofs.

A leaf is written in the transaction of what it records and never changed. A sealer in the worker gives leaves their
order later, so that writers never wait for each other (`docs/decisions`). Everything is said byte by byte in
`docs/audit-format.md`, so that another program can check it. Knows ids, no people, tickets or merchants.
"""
