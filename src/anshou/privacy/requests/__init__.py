"""Requests of people about their personal information (PIPL arts. 44-47), each of one merchant's matters.

Received, identified, decided, executed, answered, within the agency's own time limit. Who asks, and what they write, is
sealed with the merchant's key.
"""
