"""Texts as people type them: one way to keep them, to compare them and to measure them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.text import folded, name_key, one_line, several_lines

BLANKS = ["\u00a0", "\u202f", "\u3000", "\t", "\u2003", "\u2009", "\n", "\r\n", "\u2028", "\u2800"]
INVISIBLE = [
    "\u200b",
    "\u00ad",
    "\u200e",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u2060",
    "\x00",
    "\x07",
    "\u3164",
    "\u200d",
]
APOSTROPHES = "'’ʼ`´′‘＇"
DASHES = "-–—‑−‐－"
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


# -- what is kept


@pytest.mark.parametrize("blank", BLANKS)
def test_any_blank_of_one_line_is_one_plain_blank(blank: str) -> None:
    assert one_line(f"{blank}Les{blank}{blank}Arènes {blank}") == "Les Arènes"


@pytest.mark.parametrize("invisible", INVISIBLE)
def test_what_nobody_can_see_is_not_kept(invisible: str) -> None:
    assert one_line(f"{invisible}An{invisible}ne") == "Anne"
    assert several_lines(f"An{invisible}ne\n{invisible}") == "Anne"
    assert one_line(invisible) == several_lines(invisible) == ""


def test_a_name_with_a_soft_hyphen_is_a_name() -> None:
    assert one_line("Saint\u00adExupéry") == "SaintExupéry"


def test_composed_and_decomposed_accents_are_kept_alike_and_count_alike() -> None:
    decomposed = unicodedata.normalize("NFD", "Éléonore")
    assert one_line(decomposed) == several_lines(decomposed) == "Éléonore"
    assert len(one_line(decomposed)) == 8


@pytest.mark.parametrize("text", ["L’été — « l'an 2 »", "Rendez‑vous", "5′ 3″", "ｗｉｄｅ", "№ 5", "x²"])
def test_what_is_shown_stays_as_typed(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "❤️", "👩🏽‍🚀", "🏳️‍🌈", "☕️"])
def test_an_emoji_made_of_several_signs_stays_whole(emoji: str) -> None:
    assert one_line(f"Ateliers {emoji}") == f"Ateliers {emoji}"


@pytest.mark.parametrize("text", ["pa\u200dss", "a\ufe0f", "😀\u200d", "\u200d😀", "a\ufe0f\u200d😀"])
def test_the_joints_of_emoji_are_kept_nowhere_else(text: str) -> None:
    assert one_line(text) == text.replace("\u200d", "").replace("\ufe0f", "")


def test_paragraphs_stay_and_empty_lines_are_few() -> None:
    assert several_lines("\n Un \t texte\r\n\r\n\r\n\u00a0\n\x85en deux \u2028paragraphes\n\n") == (
        "Un texte\n\nen deux\nparagraphes"
    )


@given(st.text())
def test_what_is_kept_is_kept_as_it_is(text: str) -> None:
    for keep in (one_line, several_lines):
        kept = keep(text)
        assert keep(kept) == kept == unicodedata.normalize("NFC", kept)


@given(st.text())
def test_what_is_kept_is_one_line_that_utf8_can_carry_or_nothing(text: str) -> None:
    kept = one_line(text)
    assert len(kept.splitlines()) <= 1
    assert kept.encode().decode() == kept.strip() == kept
    assert several_lines(kept) == kept


@given(st.lists(WORDS, min_size=1, max_size=5), st.data())
def test_no_word_is_ever_lost(words: list[str], data: st.DataObject) -> None:
    between = [data.draw(st.sampled_from(BLANKS)) + data.draw(st.sampled_from(INVISIBLE)) for _ in words]
    typed = "".join(word + gap for word, gap in zip(words, between, strict=True))
    kept = [unicodedata.normalize("NFC", word) for word in words]
    assert one_line(typed) == " ".join(kept)
    assert several_lines(typed).split() == kept


# -- what is compared


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
@pytest.mark.parametrize("dash", DASHES)
def test_look_alike_punctuation_compares_alike(apostrophe: str, dash: str) -> None:
    assert folded(f"L{apostrophe}Après{dash}midi") == folded("l'après-midi")


@pytest.mark.parametrize("quotes", ["“”", "«»", "„“", '""', "＂＂"])
def test_quotation_marks_compare_alike(quotes: str) -> None:
    assert folded(f"Tarif {quotes[0]}réduit{quotes[1]}") == folded('tarif "réduit"')


def test_accents_and_words_tell_texts_apart() -> None:
    assert len({folded(text) for text in ("pêche", "péché", "pèche", "pe che", "peche")}) == 5


@given(st.text())
def test_folding_does_not_depend_on_how_accents_and_case_were_typed(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)) == folded(text) == folded(one_line(text))


SAME_PERSON = [
    ("Lætitia Bœuf", "Laetitia Boeuf", "LÆTITIA BŒUF", "laetitia-bœuf"),
    ("Ødegård", "Odegard", "ODEGÅRD", "Ødega\u030ard"),
    ("Łódź", "Lodz", "ŁÓDŹ"),
    ("Đinh Văn Bình", "Dinh Van Binh", "dinh.van.binh"),
    ("Strauß", "Strauss", "STRAUẞ"),
    ("N’Diaye", "N'Diaye", "NʼDiaye", "N`Diaye", "N´Diaye", "Ndiaye", "N′DIAYE"),
    ("Le‑Gall", "Le-Gall", "Le–Gall", "Le−Gall", "LE GALL", "Le\u00a0Gall", "Legall", "Le\u00adGall"),
    ("J. R. Müller", "J.R. Muller", "JR MÜLLER", "J\u200b R Müller"),
    ("İpek Işık", "Ipek Isik", "ipek ışık"),
    ("Ĳsbrand", "IJsbrand", "ijsbrand"),
    ("Иванов", "Ivanov"),
    ("ﬁlipe", "Filipe", "ＦＩＬＩＰＥ"),
]


@pytest.mark.parametrize("spellings", SAME_PERSON, ids=lambda spellings: str(spellings[0]))
def test_all_spellings_of_a_name_have_one_key(spellings: tuple[str, ...]) -> None:
    keys = {name_key(spelling) for spelling in spellings}
    assert len(keys) == 1
    assert next(iter(keys))


def test_another_name_has_another_key() -> None:
    names = {spellings[0] for spellings in SAME_PERSON} | {"Martin", "Martine", "王", "李", "ע", "א"}
    assert len({name_key(name) for name in names}) == len(names)


@pytest.mark.parametrize("text", ["", "---", "42", "😀", "'’", "\u200b"])
def test_without_letters_there_is_no_key(text: str) -> None:
    assert name_key(text) == ""


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1))
def test_a_latin_name_has_a_key_of_letters_from_a_to_z(name: str) -> None:
    assert name_key(name).isascii()
    assert name_key(name).isalpha()
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.sampled_from([*" .", *APOSTROPHES, *DASHES, *BLANKS, *INVISIBLE]),
)
def test_what_stands_between_the_words_of_a_name_does_not_count(words: list[str], between: str) -> None:
    assert name_key(between.join(words)) == name_key(" ".join(words))
