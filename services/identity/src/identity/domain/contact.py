"""E-mail addresses, phone numbers and names as people type them, and as they are kept."""

from chassis.identifiers import Flaw, read_phone
from chassis.mail_addresses import MailFlaw, read_mail_address
from chassis.text import name_key, one_line
from identity.domain.refusals import InvalidName, InvalidPhone, MalformedEmail

EMAIL_MAXIMUM_LENGTH = 120
NAME_MAXIMUM_LENGTH = 128

_SPOKEN = frozenset({"firstName", "lastName", "providerName"})


def normalise_email(text: str) -> str:
    """The form in which an address is looked up: its one form, or what was typed, which nobody has."""
    address = read_mail_address(text)
    return text if isinstance(address, MailFlaw) else address


def parse_email(text: str) -> str | MalformedEmail:
    """The one form of the address, of at most 120 characters, or the refusal; dots and +tags are kept (§2.8)."""
    address = read_mail_address(text, longest=EMAIL_MAXIMUM_LENGTH)
    return MalformedEmail(address.name) if isinstance(address, MailFlaw) else address


def parse_phone(text: str) -> str | InvalidPhone:
    """The number in E.164 form; French when no country is given, overseas where its block is."""
    number = read_phone(text)
    return InvalidPhone() if isinstance(number, Flaw) else number


def parse_name(text: str, field: str) -> str | InvalidName:
    """One line of 1 to 128 visible characters; a person's or a partner's holds a letter.

    `field` names the input in the refusal.
    """
    name = one_line(text)
    if not 1 <= len(name) <= NAME_MAXIMUM_LENGTH or (field in _SPOKEN and not name_key(name)):
        return InvalidName(field, NAME_MAXIMUM_LENGTH)
    return name
