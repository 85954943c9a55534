"""The AST graph: nodes by NodeId, their metadata, and a printer."""
