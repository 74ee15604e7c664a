"""No programme runs what somebody typed, none misreads it, and what was made plain is read back exactly."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chassis.spreadsheets.columns import code, text
from chassis.spreadsheets.csv_file import CsvRows
from chassis.spreadsheets.neutral import constant, plain, restored

FORMULAS = (
    *(
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "=cmd|'/C calc'!A0",
        "+cmd|' /C notepad'!'A1'",
        "-2+3+cmd|'/C calc'!A0",
    ),
    *("@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("http://evil","x")', '=DDE("cmd";"/C calc";"x")'),
    *(
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "\u00a0=1+1",
        "\u3000=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\u202e=1+1",
    ),
    *(
        "\u2066=1+1",
        "\u00ad=1+1",
        "\x00=1+1",
        "\x1f=1+1",
        "\u0301=1+1",
        '"=1+1',
        "“=1+1",
        "«\u202f=1+1",
        "''=1+1",
    ),
    *("＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "﹦1+1", "−1+1", "\u200b\t ＝1+1"),
    *(
        "x,=1+1",
        "x;=1+1",
        "x\t=1+1",
        "x\n=1+1",
        "x\r\n=1+1",
        "x|=1+1",
        'x,"=1+1',
        "x, \u200b=1+1",
        'x";=1+1;"',
        "x,＝1",
    ),
    *("'=1+1", "a,'=1+1", "' =1+1", '"";=1+1', '=""1""+1', '="1"+cmd|x', '="1"'),
)
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"}
_RUN = set("=+-@＝＋－＠﹦﹢﹣﹫−")
_OUR_CONSTANT = re.compile(r'"*="+[^"=;|\r\n\t]+(?:"+(?:;(?:"(?:[^"]|"")*"?)?)*)?')
"""A constant of ours; and, where a programme does not split at `;`, the quoted texts after it: literals all."""


def runs(cell: str) -> bool:
    """Whether a careless programme would take the cell for a formula; written apart from the code on trial."""
    if _OUR_CONSTANT.fullmatch(cell):
        return False
    shown = cell
    while shown and (shown[0] in '"“”«»„‟‘’`´' or unicodedata.category(shown[0]) in _INVISIBLE):
        shown = shown[1:]
    return shown[:1] in _RUN


def cells_as_read(line: str) -> list[str]:
    """Every cell that some programme may see in a line: with any separator, minding quotes or not."""
    cells: list[str] = []
    for separator in ";,\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(line, newline=""), delimiter=separator, quoting=quoting):
                cells += row
    return cells


@pytest.mark.parametrize("typed", FORMULAS)
def test_no_form_of_a_formula_begins_a_cell_whoever_reads_it(typed: str) -> None:
    line = CsvRows([text("a"), text("b")]).line(("x", typed))
    assert [cell for cell in cells_as_read(line) if runs(cell)] == []
    assert restored(plain(typed)) == typed


_HOSTILE = st.text(
    st.one_of(st.sampled_from("=+-@＝－'\";,|\t\r\n \u200b\u202e\ufeff0123aE"), st.characters(codec="utf-8")),
    max_size=40,
)


@given(_HOSTILE, _HOSTILE)
@example('a"', ',=1+1,"')
def test_no_text_begins_a_formula_in_any_cell(first: str, second: str) -> None:
    line = CsvRows([text("a"), text("b"), code("c")]).line((first, second, second))
    assert [cell for cell in cells_as_read(line) if runs(cell)] == []


@given(_HOSTILE)
def test_whatever_was_made_plain_is_read_back_exactly(typed: str) -> None:
    assert restored(plain(typed)) == typed
    assert restored(constant(typed)) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "2222E5",
            "1E+5",
            "00123",
            "1-2",
            "1/2",
            "12:30",
            "12,50",
            "1 234",
            "1\u202f234",
            "50%",
            "12 €",
            "MARS 12",
        ),
        *(
            "mars12",
            "12 avril",
            "12-avr-2026",
            "SEPT2",
            "DEC1",
            "août 2026",
            "TRUE",
            "vrai",
            "1984",
            "3.14",
            "1e3",
        ),
        *("01/02/2026", "2026-11-22", "10h30", "(5)", "#N/A", "JAN 1", "5 pm", "12 avril 2026 14:30"),
    ],
)
def test_a_text_that_looks_like_a_number_or_a_date_is_a_constant(typed: str) -> None:
    assert plain(typed) == f'="{typed}"'
    assert restored(plain(typed)) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "Mars Attacks",
            "Le Petit Prince",
            "Rock, pop",
            "12 hommes en colère",
            "A4",
            "Lea",
            "",
            "C'est l'été",
            "a-b",
        ),
        *(
            "décembre en fête",
            "Jean-Pierre",
            "avant-garde",
            "x = y",
            "1984 de George Orwell",
            "Avril : 1ère quinzaine",
            "Bonjour,\n\nà bientôt",
        ),
    ],
)
def test_a_text_that_nobody_misreads_is_left_as_it_is(typed: str) -> None:
    assert plain(typed) == typed


@pytest.mark.parametrize(
    "typed", ["12345678901234", "9782070612758", "2222E5", "ABC234", "01000", "FR7630006000011234567890189"]
)
def test_a_code_is_always_a_constant(typed: str) -> None:
    assert constant(typed) == f'="{typed}"'


@pytest.mark.parametrize("typed", ['12"=1', "=1+1", "A;B", "A'B", "A\tB", "-5", "x,=1"])
def test_a_code_of_odd_characters_is_kept_like_any_text(typed: str) -> None:
    assert not constant(typed).startswith("=")
    assert restored(constant(typed)) == typed
