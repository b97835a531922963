"""Figures into documents: text, xlsx, docx."""
