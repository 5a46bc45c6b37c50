"""A ticket as a page shows it, for whichever desk: deadlines, step bar, thread, forms of moves.

From rows to words: everything here ends in values that templates print. What a merchant may read is decided by what
the rooms below return to a merchant; nothing is hidden here.
"""
