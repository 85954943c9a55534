"""What every tier shares: tags, statuses, memory layout, operations, opcodes."""
