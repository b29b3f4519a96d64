"""What can be read of the catalogue."""

from matters.selectors.guide import Guide, guide_of, published_guide
from matters.selectors.routing import route_of
from matters.selectors.search import find_matters

__all__ = ["Guide", "find_matters", "guide_of", "published_guide", "route_of"]
