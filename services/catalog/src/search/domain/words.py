"""French as people type it: which words carry no meaning, and how many slips are forgiven."""

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
