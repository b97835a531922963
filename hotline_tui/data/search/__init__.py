"""Finding by words: standard answers, and orders that may be the same matter."""

from hotline_tui.data.search.knowledge import Entry, Hit, KnowledgeIndex
from hotline_tui.data.search.similar import Similar, similar_orders

__all__ = ["Entry", "Hit", "KnowledgeIndex", "Similar", "similar_orders"]
