"""Text that a programme opening a CSV would run or misread, made plain; and read back exactly.

A CSV has no types: Excel, LibreOffice and Google Sheets guess. Two marks keep them from it.

- An apostrophe goes before whatever could begin a formula: at the start of the text, and after each
  separator inside it, because a programme that splits at another separator than ours (or loses
  count of quotes) begins a cell there. Characters that programmes skip (blanks, zero-width, bidi,
  quotes) do not hide the beginning. An apostrophe that was there already is doubled, so that taking
  one away at each of these places gives the text back.
- A text that could be taken for a number, a date or a truth value (`2222E5`, a SIRET, `1-2`,
  `MARS 12`) is written `="2222E5"`: a constant, the only form that both Excel and LibreOffice show
  as exactly these characters. It is used only where the text holds none of the characters that
  could end it. (A leading apostrophe would be shown as one; a tab or an invisible character would be
  copied along; quotes alone keep nobody from guessing.)

Pure.
"""

import re
import unicodedata
from typing import Final

MARK: Final = "'"

_FORMULA: Final = "=+-@" + "＝＋－＠" + "﹦﹢﹣﹫" + "−"
_SEPARATORS: Final = ",;\t\r\n|"
_LINE_STARTS: Final = "\t\r\n"
"""At the very start, some programmes run what follows them."""
_SKIPPED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
_QUOTES: Final = '"“”«»„‟‘’`´'

_MONTH: Final = (
    r"(?:jan|f[eé]v|feb|mar|av|apr|mai|may|juin|jun|juil|jul|ao[uû]|aug|sep|oct|nov|d[eé]c)[a-zéû]{0,8}\.?"
)
_MISREAD: Final = re.compile(
    r"(?=.*\d)[\s\d.,:/%€$£()+\-eEhHjJ°^*'’_\u00a0\u202f]+(?:\s?[aApP][mM])?"
    rf"|(?=.*\d)(?:\d{{1,4}}[\s./-]*)?{_MONTH}[\s./-]*\d{{0,4}}(?:[\s./-]+\d{{1,4}})?(?:\s+\d{{1,2}}[:hH]\d{{0,2}})?",
    re.IGNORECASE,
)
_WORDS_MISREAD: Final = frozenset({"true", "false", "vrai", "faux", "inf", "nan", "n/a", "#n/a"})
_LONGEST_MISREAD: Final = 64
_CONSTANT: Final = re.compile(r"[^\x00-\x1f\"'=;|\ud800-\udfff]{1,255}")
"""What may stand in `="…"`, where nothing in it is to be marked: whoever splits it makes no formula of it."""

_TELLING: Final = re.compile(f"[{re.escape(_FORMULA + MARK)}]|\\A[{_LINE_STARTS}]")
_SUSPECT: Final = re.compile(rf"\d|{_TELLING.pattern}")
"""Nearly all texts hold none of them, and are let through at once."""

_WRAPPED: Final = re.compile(r'="([^"]{1,255})"')


def plain(text: str) -> str:
    """The text for a cell of a CSV."""
    if _SUSPECT.search(text) is None and text.lower() not in _WORDS_MISREAD:
        return text
    return _constant(text) if _is_misread(text) else _marked(text)


def constant(code: str) -> str:
    """A code for a cell of a CSV: always a constant where it can be one, so that a column is of one form."""
    return _constant(code) if code and _fits_constant(code) else plain(code)


def restored(cell: str) -> str:
    """The text that `plain` or `constant` wrote as `cell`."""
    wrapped = _WRAPPED.fullmatch(cell)
    return wrapped[1] if wrapped else _unmarked(cell)


def _is_misread(text: str) -> bool:
    if len(text) > _LONGEST_MISREAD:
        return False
    bare = text.strip()
    return (bare.lower() in _WORDS_MISREAD or _MISREAD.fullmatch(bare) is not None) and _fits_constant(text)


def _fits_constant(text: str) -> bool:
    return _CONSTANT.fullmatch(text) is not None and _marked(text) == text


def _constant(text: str) -> str:
    return f'="{text}"'


def _is_skipped(character: str) -> bool:
    return character in _QUOTES or unicodedata.category(character) in _SKIPPED_CATEGORIES


def _begins_formula(text: str, start: int) -> bool:
    """Whether a cell beginning at `start` is one to mark: it begins a formula, or with a mark like ours."""
    if start == 0 and text[0] in _LINE_STARTS:
        return True
    for character in text[start:]:
        if character in _FORMULA or character == MARK:
            return True
        if character in _SEPARATORS or not _is_skipped(character):
            return False
    return False


def _marked(text: str) -> str:
    if _TELLING.search(text) is None:
        return text
    pieces: list[str] = []
    begins = True
    for position, character in enumerate(text):
        if begins and _begins_formula(text, position):
            pieces.append(MARK)
        pieces.append(character)
        begins = character in _SEPARATORS
    return "".join(pieces)


def _unmarked(cell: str) -> str:
    pieces: list[str] = []
    begins = True
    for character in cell:
        if begins and character == MARK:
            begins = False
            continue
        pieces.append(character)
        begins = character in _SEPARATORS
    return "".join(pieces)
