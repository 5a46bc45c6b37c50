"""Notices about requests: that one waits or is late, under its number, and nothing of who asks."""

RECEIVED = "subject_request_received"
WARNED = "subject_request_warned"
LATE = "subject_request_late"
ANSWERED = "subject_request_answered"
