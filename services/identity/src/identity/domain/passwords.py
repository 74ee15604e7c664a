"""What a password must hold, by the date it is chosen (domain.md §2.7, §8)."""

import string
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.refusals import WeakPassword


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """ASCII letters and digits only count as such; one of `specials` is needed."""

    minimum_length: int
    specials: str

    def accepts(self, password: str) -> bool:
        return len(password) >= self.minimum_length and all(
            any(character in family for character in password)
            for family in (string.ascii_lowercase, string.ascii_uppercase, string.digits, self.specials)
        )


PASSWORD_RULES: DatedTable[PasswordRule] = DatedTable(
    name="password",
    keyed_by="date it is chosen",
    rows=(
        row(BEGINNING, PasswordRule(12, "#~|=;:,+><?!@$%^&*_.-"), source="domain.md §2.7: set of 2018"),
        row(
            midnight(PARIS, 2021, 1, 1),
            PasswordRule(12, string.punctuation),
            source="domain.md §2.7, §8: all ASCII punctuation",
            note="≈ year of the code",
        ),
    ),
)


def prepared(password: str) -> str:
    """A password as it is judged and hashed: the same however a keyboard composes its accents and blanks.

    The profile OpaqueString of RFC 8265: every blank a plain one, NFC, and nothing else changed.
    """
    blanks = ("\u0020" if unicodedata.category(sign) == "Zs" else sign for sign in password)
    return unicodedata.normalize("NFC", "".join(blanks))


def check_password(password: str, chosen_at: datetime) -> WeakPassword | None:
    rule = PASSWORD_RULES.at(chosen_at)
    return None if rule.accepts(prepared(password)) else WeakPassword(rule.minimum_length, rule.specials)
