"""The programs: each in FLC, Lua and Python, idiomatic in all three."""
