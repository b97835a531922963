"""Finding by words: standard answers, and orders that may be the same matter."""
