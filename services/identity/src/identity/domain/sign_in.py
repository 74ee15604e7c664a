"""Who may open a session, judged so that nobody learns which addresses are known (domain.md §2.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from identity.domain.refusals import AccountIsDeactivated, EmailNotConfirmed, InvalidCredentials

ATTEMPT_WINDOW = timedelta(minutes=1)
"""Failed tries are counted by the minute: 10 for one account from one place and for one account, 30 for one place."""

PLACE_KNOWN_FOR = timedelta(days=90)
"""Since the last session that was opened from there. A place known to an account has tries of its own."""

FORM_WAITS_FOR = timedelta(hours=24)
"""How long after a sign-up its password is answered by "confirm your address", whoever the address belongs to."""


def is_to_be_asked_about(
    *, has_been_here: bool, knows_device: bool, names_device: bool, knows_place: bool
) -> bool:
    """Is the owner of an account asked whether a sign-in was them (capabilities.md §1)?

    Not at the first of all. After that for a device that is new, or where none is named, for a network that is.
    """
    return has_been_here and not (knows_device if names_device else knows_place)


@dataclass(frozen=True, slots=True)
class Account:
    is_active: bool
    email_confirmed: bool
    is_team: bool = False
    comes_back_until: datetime | None = None
    """Of somebody who has left of their own accord, and may still come back."""


def check_sign_in(
    account: Account | None, password_matches: bool, form_matches: bool, *, door_of_the_team: bool = False
) -> InvalidCredentials | EmailNotConfirmed | AccountIsDeactivated | None:
    """None: the password is right, and this is its door.

    `form_matches`: it is the password of a sign-up that waits for its link.

    Such a sign-up may be for an address that has an account already, and is answered in the same way:
    whoever tries to sign in with what they have just signed up with learns nothing of the address. At
    the wrong one of the two doors a right password is answered as a wrong one: nobody learns who is of the team.
    """
    if account is not None and account.email_confirmed and password_matches:
        if account.is_active and account.is_team is door_of_the_team:
            return None
        if not account.is_active and account.comes_back_until is not None and not door_of_the_team:
            return AccountIsDeactivated(account.comes_back_until)
    return EmailNotConfirmed() if form_matches else InvalidCredentials()
