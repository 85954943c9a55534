"""What a run was like: the hotness report, and the explanation of one function."""
