"""The text of a State Council notice of days off, read as language and checked against itself (R-D4)."""
