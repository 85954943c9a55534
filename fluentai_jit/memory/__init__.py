"""Flat arrays of int64 and what lies in them."""
