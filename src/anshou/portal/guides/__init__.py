"""The guides of `docs/guides`, as pages of the portal: the same text and pictures that stand in the repository."""
