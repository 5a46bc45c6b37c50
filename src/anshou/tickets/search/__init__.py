"""Finding tickets by what was said on them.

The index proposes, the rows decide: `control.search_tickets` answers the ids of tickets that hold the words, and what
is shown is read and compared again under the person's own policies. So a word index that lags behind, or knows more
than somebody may read, never shows anything. Nothing of a confidential ticket is indexed but its number.
"""
