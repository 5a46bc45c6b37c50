"""What tickets cost: claimed beside the ticket, verified at finance's desk."""
