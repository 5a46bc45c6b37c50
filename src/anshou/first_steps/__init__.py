"""What a new agency has set up and what is next, read from what there is: nobody ticks anything off.

Looks into every room below and changes none; imported by the portal alone.
"""
