"""French as people type it: one reading of texts, words without meaning, slips that are forgiven."""

import re

from chassis.identifiers import Flaw, read_isbn
from chassis.text import folded

_ELIDED = "c d j l m n s t qu jusqu lorsqu puisqu quoiqu"
"""What an elision leaves behind: *l'été* is split into *l* and *été* first."""

_SMALL = """
le la les un une des du de au aux et ou où à en dans sur sous par pour avec sans chez vers
ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
je tu il elle on nous vous ils elles me te se lui y que qui quoi dont ne pas est sont
"""

STOP_WORDS = [*_ELIDED.split(), *_SMALL.split()]
"""Short on purpose. The usual list holds *été* (been), which here means summer."""

MAX_WORDS = 12
"""Words of a query beyond these are not looked at."""


def typos_allowed(word: str) -> int:
    """Slips (a letter more, less, other, or two swapped) forgiven in a folded word.

    One from 4 letters and two from 8; none in a number: tome 3 is not tome 4.
    """
    if word.isdigit() or len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


_NOUNS_IN_X = """
bijou caillou chou genou hibou joujou pou
adieu aveu cheveu dieu enjeu essieu feu jeu lieu milieu neveu pneu pieu voeu vœu
"""
_PLURALS_IN_X = {f"{singular}x": singular for singular in _NOUNS_IN_X.split()}
"""Nouns only: the stem of *heureux* is that of *heureuse*, and *-aux*, *-eaux* are the stemmer's."""

_IN_X = re.compile(r"\b\w+[eoœ]ux\b")
_COMPOUND = re.compile(r"\w+(?:['-]\w+)+")


def prepared(text: str) -> str:
    """A text as both sides are analysed: whatever the encoding, invisible signs, apostrophes, dashes, plurals in -x."""
    return _IN_X.sub(lambda word: _PLURALS_IN_X.get(word.group(), word.group()), folded(text))


def with_compounds(text: str) -> str:
    """A prepared text, and its compounds once more written together: *week-end weekend*."""
    together = [re.sub(r"['-]", "", compound) for compound in _COMPOUND.findall(text)]
    return " ".join([text, *together]) if together else text


def isbn_of(text: str) -> str | None:
    """The 13 digits when the whole text is the number of a book, in 10 or 13 signs, however written."""
    isbn = read_isbn(text)
    return None if isinstance(isbn, Flaw) else isbn
