"""Tier 2: policy, specialiser, units, and the process that compiles them."""
