"""Requests of people about their data: at the agency's desk, where they are handled, and at the merchant's."""
