"""Notifying: by which channels people hear that something waits, beyond the notice in the portal.

A notice is left first, whatever the channels (`people.notices`). Nothing that leaves the house here says more than that
something waits, of which kind, and where to look. Knows no web framework and no queue; may import every room below it.
"""
