"""Which vouchers went out to which accounting program, in which file; none goes out twice to the same one.

May import the ledger and the voucher files.
"""
