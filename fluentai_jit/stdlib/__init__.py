"""The library: implementations behind the tables in core/."""
