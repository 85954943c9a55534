"""The driver: runs programs in slices, and the public virtual machine."""
