"""Vouchers as files that other accounting programs import: Kingdee (金蝶精斗云, K3/KIS) and Yonyou (用友 U8/T3).

Pure: posted vouchers and a mapping of accounts in, every obstacle or a file's bytes out. Which vouchers go, and
that none goes twice, is for whoever keeps the ledger. May import tenants.
"""
