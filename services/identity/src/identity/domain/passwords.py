"""What a password must hold, by the date it is chosen (domain.md §2.7, §8)."""

import string
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.refusals import BreachedPassword, PasswordNotChanged, WeakPassword


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


def check_change(
    old: str, new: str, confirmation: str, chosen_at: datetime, *, old_matches: bool, is_leaked: bool
) -> PasswordNotChanged | None:
    """Whatever is wrong with a change, all at once (domain.md §2.7)."""
    wrong_old = None if old_matches else "Le mot de passe actuel est incorrect."
    wrong_new: str | None = None
    if (weak := check_password(new, chosen_at)) is not None:
        wrong_new = weak.message
    elif prepared(new) == prepared(old):
        wrong_new = "Le nouveau mot de passe est le même que l’ancien."
    elif is_leaked:
        wrong_new = BreachedPassword().message
    differs = prepared(new) != prepared(confirmation)
    wrong_confirmation = "Les deux nouveaux mots de passe ne sont pas les mêmes." if differs else None
    if wrong_old is wrong_new is wrong_confirmation is None:
        return None
    return PasswordNotChanged(wrong_old, wrong_new, wrong_confirmation)
