"""Invoices at both desks: asked for, written out, issued outside and recorded, red-lettered."""
