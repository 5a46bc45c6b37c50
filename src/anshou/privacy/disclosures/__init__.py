"""Handing confidential things to somebody outside (对外提供), and the merchant's written consent to it.

Nothing confidential leaves without a consent in force that covers recipient, purpose, fields, time and rows
(domain.md 7.2; PIPL art. 23), and what leaves holds only what it covers. Sensitive personal information has a consent
and a necessity note of its own (PIPL arts. 28-30). What a merchant signs is a frozen text; how a consent stands is read
from rows that say who did what and when.
"""
