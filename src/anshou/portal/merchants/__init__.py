"""The agency's merchants: profile, shops, contacts, the people on both sides, and the contracts."""
