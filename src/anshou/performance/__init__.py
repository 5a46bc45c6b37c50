"""Measures of the service (domain.md section 5): what they are, how they are counted, and the tickets behind each.

Counts courses and clocks, which the tickets room keeps, and the costs that finance has verified; keeps nothing that
could not be counted anew. Reads only, and only what the person may see. Knows no HTTP and no templates.
"""
