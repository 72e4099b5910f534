"""Keeping, disposing of and disclosing records."""
