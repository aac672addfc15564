"""Filters that templates have without loading them."""
