"""Text to terms, the same way for documents and queries.

The simple tokenizer splits at every character that is no letter or digit, apostrophes of any
shape included: elisions are gone before stop words are looked up, and accents fold last, so
that *à* is a stop word and *a* of "vitamine A" is not.
"""

from dataclasses import dataclass
from functools import cache

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search.domain.words import MAX_WORDS, STOP_WORDS

STEMMED = "french_stemmed"
FOLDED = "folded"
_LONGEST_WORD = 60


@cache
def stemmed() -> TextAnalyzer:
    """Without stop words, reduced to the stem: *les chevaux* → cheval."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.custom_stopword(STOP_WORDS))
    return builder.filter(Filter.stemmer("french")).filter(Filter.ascii_fold()).build()


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
    typed = _spelled().analyze(text)[:MAX_WORDS]
    found = [
        Word(
            folded=folded().analyze(word)[0],
            stem=next(iter(stemmed().analyze(word)), None),
            is_last=position == len(typed) - 1,
        )
        for position, word in enumerate(typed)
    ]
    return [word for word in found if word.stem is not None] or found


@cache
def _spelled() -> TextAnalyzer:
    """Words with their accents, as stop words are listed."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    return builder.filter(Filter.lowercase()).build()
