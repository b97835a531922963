"""A document as every format writes it, and how it is read from a template's Markdown."""
