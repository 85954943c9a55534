"""The part of the library that is written in FLC."""
