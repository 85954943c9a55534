"""From graph to verified bytecode: compiler, live masks, verifier, disassembler."""
