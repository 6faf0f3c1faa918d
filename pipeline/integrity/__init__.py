"""What can be noticed about uploads themselves: changes, signatures, codes, marks. Reads no values."""

INTEGRITY_VERSION = "3"
"""Raised whenever the same upload may be noticed otherwise than before."""
