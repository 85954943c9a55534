"""From text to the AST graph: tokens, brackets, patterns, expressions, items."""
