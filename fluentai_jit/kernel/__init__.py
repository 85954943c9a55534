"""The interpreter: tier 0 as plain Python, tier 1 as the same source compiled."""
