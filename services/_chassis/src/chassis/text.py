"""Texts as people type them, and as they are kept, compared and measured.

Keyboards, word processors, PDFs and telephones write the same words in many ways. What is kept is
written in one: NFC, plain blanks, nothing that nobody can see. Dashes, apostrophes and quotation
marks stay as typed, and are folded where texts are compared. Lengths are those of the kept text.
"""

import re
import unicodedata

from anyascii import anyascii

_INVISIBLE = re.compile(
    # Control characters that are no blank, and lone surrogates, which UTF-8 cannot carry.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
    # Default_Ignorable_Code_Point of Unicode: soft hyphen, zero width, bidi, tags, fillers, selectors …
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_BLANK = "[^\\S\n]|\u2800"
"""Every blank but the end of a line; Braille's empty cell is one in all but name."""

_BLANKS = re.compile(f"(?:{_BLANK})+")
_ANY_BLANKS = re.compile("(?:\\s|\u2800)+")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_EMPTY_LINES = re.compile("\n{3,}")

_APOSTROPHES = (
    "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u2035"
    "\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u05f3\ua78c\uff07\uff40"
)
_DASHES = "-\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\uff0d\ufe58\ufe63"
_QUOTES = '"\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u02ba\u275d\u275e\u301d\u301e\u301f\uff02'
_LOOK_ALIKE = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_QUOTES, '"'),
        "…": "...",
    }
)


def one_line(text: str) -> str:
    """`text` as a name or title is kept: NFC, blanks and line ends one blank, nothing invisible.

    Empty when there is nothing to see, whatever was typed.
    """
    return _ANY_BLANKS.sub(" ", _visible(text)).strip(" ")


def several_lines(text: str) -> str:
    """As `one_line` within each line; at most one empty line between paragraphs, none at either end."""
    lines = _LINE_END.sub("\n", _visible(text)).split("\n")
    kept = "\n".join(_BLANKS.sub(" ", line).strip(" ") for line in lines)
    return _EMPTY_LINES.sub("\n\n", kept).strip("\n")


def folded(text: str) -> str:
    """The key under which texts that read alike are equal: case, widths, dashes, apostrophes, quotes.

    Accents count: « pécheur » is no « pêcheur ».
    """
    plain = one_line(text).translate(_LOOK_ALIKE)
    return one_line(unicodedata.normalize("NFKC", plain).translate(_LOOK_ALIKE).casefold())


def name_key(name: str) -> str:
    """The key under which two ways to write one person's name are equal: its letters, from a to z.

    Without accents, ligatures (œ is oe), strokes (ø is o), case, blanks, points, digits, dashes and
    apostrophes; other alphabets are transliterated, and letters that cannot be stay themselves.
    Empty for what holds no letter.
    """
    return "".join(map(_latin, unicodedata.normalize("NFKC", one_line(name))))


def _latin(character: str) -> str:
    if not character.isalpha():
        return ""
    letters = "".join(letter for letter in anyascii(character).lower() if "a" <= letter <= "z")
    # A modifier letter is how some write an apostrophe; any other letter tells names apart.
    return letters or ("" if unicodedata.category(character) == "Lm" else character.casefold())


def _visible(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub(_unless_in_emoji, text))


def _unless_in_emoji(found: re.Match[str]) -> str:
    """Nothing, but for the two invisible characters without which an emoji is another one."""
    character, text, at = found.group(), found.string, found.start()
    if at == 0 or character not in (_JOINER, _EMOJI_STYLE):
        return ""
    before = text[at - 1]
    if character == _EMOJI_STYLE:
        return character if _is_pictograph(before) else ""
    if before == _EMOJI_STYLE:
        before = text[at - 2 : at - 1]
    after = text[at + 1 : at + 2]
    joined = before and (_is_pictograph(before) or "\U0001f3fb" <= before <= "\U0001f3ff")
    return character if joined and after and _is_pictograph(after) else ""


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) == "So" and character != "\u2800"
