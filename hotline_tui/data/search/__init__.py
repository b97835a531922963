"""Finding by words: standard answers, and orders that may be the same matter."""

from hotline_tui.data.search.knowledge import Hit, KnowledgeIndex
from hotline_tui.data.search.similar import Similar, similar_orders

__all__ = ["Hit", "KnowledgeIndex", "Similar", "similar_orders"]
