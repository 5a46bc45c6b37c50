"""Spreadsheets that agencies kept before (售后台账), taken over as tickets: read, understood, checked, and only then
written, all or nothing, undoable as one batch.

Nothing is guessed silently: what a cell does not say plainly is a finding with a proposed value that a person accepts,
replaces, or leaves out with its row (decision record 0102). Importing tells nobody.
"""
