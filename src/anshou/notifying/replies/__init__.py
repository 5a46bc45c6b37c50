"""Replies by mail: what somebody answers to a letter about a ticket becomes their message, or their internal note.

A mailbox of the agency is read and never changed. Nobody is believed for what a mail says of itself: the address it was
sent to proves which letter is answered, and only the letter's own recipient may answer it.
"""
