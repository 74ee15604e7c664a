"""From a typed text to Tantivy queries, from the strictest reading to the most forgiving."""

from collections.abc import Iterator
from itertools import pairwise

from tantivy import Occur, Query

from search.domain.words import isbn_of, typos_allowed
from search.engine.analysis import Word, together, words
from search.engine.schema import schema

_NAME, _EXACT, _VENUE, _DESCRIPTION, _ARTIST = 5.0, 5.0, 3.0, 2.0, 1.0
"""Weights of the fields (domain.md §3.7); `exact` is the name as spelled, not its stem."""

_PREFIX, _TYPO = 1.0, 0.5
"""Flat scores: a guess ranks below whatever was spelled out."""

_MAX_COMPOUNDS = 4
"""Two words are tried as one in queries of so many words at most."""

_TIE = 0.1
"""A word found in several fields counts its best field, plus this share of the others."""


class Readings:
    """How a text can be understood, tried in this order.

    The number of a book: that book and no other. Else every word, as spelled or by stem, two of them
    together as well as apart, the last as a prefix; every word, slips allowed; any of the words.
    """

    def __init__(self, text: str) -> None:
        self._isbn = isbn_of(text)
        self._words = words(text)
        self.is_empty = not self._words

    def __iter__(self) -> Iterator[Query]:
        if self._isbn is not None:
            yield Query.term_query(schema(), "isbn", self._isbn, index_option="basic")
            return
        yield self._every_word(typos=False)
        yield self._every_word(typos=True)
        yield Query.boolean_query([(Occur.Should, _clause(word, typos=True)) for word in self._words])

    def _every_word(self, *, typos: bool) -> Query:
        spellings = [self._words]
        if 1 < len(self._words) <= _MAX_COMPOUNDS:
            for position, pair in enumerate(pairwise(self._words)):
                spellings.append([*self._words[:position], together(*pair), *self._words[position + 2 :]])
        readings = [_all([_clause(word, typos=typos) for word in spelling]) for spelling in spellings]
        return readings[0] if len(readings) == 1 else Query.disjunction_max_query(readings)


def _all(clauses: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, clause) for clause in clauses])


def _clause(word: Word, *, typos: bool) -> Query:
    ways = [_term("exact", word.folded, _EXACT), _term("artist", word.folded, _ARTIST)]
    if word.stem is not None:
        ways += [
            _term("name", word.stem, _NAME),
            _term("venue", word.stem, _VENUE),
            _term("description", word.stem, _DESCRIPTION),
        ]
    slips = typos_allowed(word.folded) if typos else 0
    if word.is_last:
        ways.append(_near_miss(word.folded, 0, _PREFIX, prefix=True))
    if slips:
        ways.append(_near_miss(word.folded, slips, _TYPO, prefix=word.is_last))
    return Query.disjunction_max_query(ways, tie_breaker=_TIE)


def _term(field: str, value: str, boost: float) -> Query:
    return Query.boost_query(Query.term_query(schema(), field, value, index_option="freq"), boost)


def _near_miss(word: str, distance: int, score: float, *, prefix: bool) -> Query:
    near = Query.fuzzy_term_query(schema(), "exact", word, distance=distance, prefix=prefix)
    return Query.const_score_query(near, score)
