"""Usage tracking: what the kernel counts, read out per AST node."""
