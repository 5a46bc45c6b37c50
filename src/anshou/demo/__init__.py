"""Demo data: two agencies with half a year of work behind them, told through the same verbs as the real thing.

Deterministic: the same seed and the same day give the same tickets. Nothing here is a special case elsewhere.
"""
