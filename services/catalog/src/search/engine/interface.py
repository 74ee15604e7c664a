"""All that the rest of search knows of an index. Another engine is one more class of this shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from search.domain.document import Document
from search.domain.hits import Page
from search.domain.query import SearchQuery


@dataclass(frozen=True, slots=True)
class Change:
    """The offer's new document; None takes the offer out of the index."""

    offer_id: str
    document: Document | None


class SearchEngine(Protocol):
    @property
    def generation(self) -> str:
        """Names the life of this index. Another name: it began empty and must be fed everything."""

    def search(self, query: SearchQuery) -> Page:
        """One page of hits, one per product. Safe from any thread, also while changes are applied."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Make the changes, durable and visible when this returns. Applying again is harmless."""

    def rebuild(self) -> None:
        """Forget every document; the caller applies them all anew."""

    def count(self) -> int:
        """Documents visible to searches."""

    def close(self) -> None:
        """Let go of files and locks."""
