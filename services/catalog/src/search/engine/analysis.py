"""Text to terms, the same way for documents and queries.

Texts are `prepared` first. The simple tokenizer splits at every character that is no letter or
digit: elisions are gone before stop words are looked up. Accents fold after the stop words, so that
*à* is one and *a* of "vitamine A" is not, and before the stemmer, so that *randonnee* is *randonnée*.
"""

from dataclasses import dataclass
from functools import cache

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search.domain.words import MAX_WORDS, STOP_WORDS, prepared

STEMMED = "french_stemmed"
FOLDED = "folded"
_LONGEST_WORD = 60


@cache
def stemmed() -> TextAnalyzer:
    """Without stop words, reduced to the stem: *les chevaux* → cheval."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.custom_stopword(STOP_WORDS))
    return builder.filter(Filter.ascii_fold()).filter(Filter.stemmer("french")).build()


@cache
def folded() -> TextAnalyzer:
    """Every word as written, in lower case without accents: what prefixes and typos are matched on."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    return builder.filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()


def register(index: Index) -> None:
    """Analyzers are not kept with an index: each opening names them again."""
    index.register_tokenizer(STEMMED, stemmed())
    index.register_tokenizer(FOLDED, folded())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query. `stem` is None for a stop word; `is_last` for the one still being typed."""

    folded: str
    stem: str | None
    is_last: bool


def words(text: str) -> list[Word]:
    """The words worth looking for: without stop words, unless there is nothing else."""
    typed = _spelled().analyze(prepared(text))[:MAX_WORDS]
    found = [
        Word(
            folded=folded().analyze(word)[0],
            stem=next(iter(stemmed().analyze(word)), None),
            is_last=position == len(typed) - 1,
        )
        for position, word in enumerate(typed)
    ]
    return [word for word in found if word.stem is not None] or found


def together(one: Word, other: Word) -> Word:
    """Two words of a query as one: *week end* may stand as *weekend*."""
    joined = one.folded + other.folded
    return Word(joined, next(iter(stemmed().analyze(joined)), None), other.is_last)


@cache
def _spelled() -> TextAnalyzer:
    """Words with their accents, as stop words are listed."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    return builder.filter(Filter.lowercase()).build()
