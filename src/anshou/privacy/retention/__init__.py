"""How long what is kept, and how it goes: periods, legal holds, daily erasure, and the list of erasures outside.

Names tables of other rooms, because everything kept by any room ends here; it never reads what they hold.
"""
