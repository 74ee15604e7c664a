"""E-mail addresses, phone numbers and names as people type them, and as they are kept."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from identity.domain.refusals import InvalidName, InvalidPhone, MalformedEmail

EMAIL_MAXIMUM_LENGTH = 120
NAME_MAXIMUM_LENGTH = 128


def normalise_email(text: str) -> str:
    """Surrounding blanks off, all in lower case, the local part too; dots and +tags are kept (§2.8)."""
    return text.strip().lower()


def parse_email(text: str) -> str | MalformedEmail:
    """The normalised address, at most 120 characters, or the refusal."""
    address = normalise_email(text)
    if len(address) > EMAIL_MAXIMUM_LENGTH:
        return MalformedEmail()
    try:
        validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return MalformedEmail()
    return address


def parse_phone(text: str) -> str | InvalidPhone:
    """The number in E.164 form; French when no country is given (overseas numbers included)."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return InvalidPhone()
    if not phonenumbers.is_possible_number(number):
        return InvalidPhone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_name(text: str, field: str) -> str | InvalidName:
    """Surrounding blanks off; 1 to 128 printable characters. `field` names the input in the refusal."""
    name = text.strip()
    if not 1 <= len(name) <= NAME_MAXIMUM_LENGTH or not name.isprintable():
        return InvalidName(field, NAME_MAXIMUM_LENGTH)
    return name
