"""The pages of the general rule of attribution, and what another rule would change."""
