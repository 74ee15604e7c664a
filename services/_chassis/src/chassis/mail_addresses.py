"""Mail addresses as people type them, and the one form in which each is kept and compared.

What is kept is ASCII in lower case, the domain in punycode (IDNA 2008), so that every relay takes
it and one mailbox is one account, however it was typed. A part before the @ that needs SMTPUTF8 is
refused where it is typed: no French provider gives such an address, few relays carry one, and
whoever had it would wait for a confirmation that never comes (ADR 0013).
"""

import re
import unicodedata
from enum import Enum

import idna
from email_validator import EmailNotValidError, validate_email

from chassis.text import one_line


class MailFlaw(Enum):
    """Why what was typed is no address that a mail can be sent to."""

    EMPTY = "nothing was typed"
    FORM = "it is not of the form name@domain"
    LENGTH = "the part before the @, or the whole, is longer than allowed"
    ACCENTED_NAME = "the part before the @ has letters that mail cannot carry everywhere"


LONGEST_LOCAL_PART = 64
"""Octets before the @ (RFC 5321)."""

_LONGEST_READ = 1_000
_IDEOGRAPHIC_POINTS = re.compile("[\u3002\uff61]")
_WRAPPED = re.compile(r"(?:mailto:)?\s*<?([^<>]*)>?", re.IGNORECASE)


def read_mail_address(typed: str, *, longest: int = 254) -> str | MailFlaw:
    """The address in its one form, of at most `longest` characters in that form, or why it is none.

    Blanks around it, `mailto:`, angle brackets, wide and invisible characters do not count. Dots and
    `+tags` are kept: they are other addresses for most providers. The domain needs a point in it.
    """
    if len(typed) > _LONGEST_READ:
        return MailFlaw.LENGTH
    text = one_line(unicodedata.normalize("NFKC", one_line(typed)))
    found = _WRAPPED.fullmatch(text)
    address = found[1].strip() if found else text
    if not address:
        return MailFlaw.EMPTY
    local, at, domain = address.rpartition("@")
    domain = _IDEOGRAPHIC_POINTS.sub(".", domain)
    if not at or not local or "." not in domain:
        return MailFlaw.FORM
    if len(local.encode()) > LONGEST_LOCAL_PART:
        return MailFlaw.LENGTH
    if not local.isascii():
        return _flaw_of_accented(local, domain)
    try:
        checked = validate_email(
            f"{local.lower()}@{domain.lower()}", check_deliverability=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        return MailFlaw.FORM
    kept = checked.ascii_email
    assert kept is not None, "without SMTPUTF8 there is always an ASCII form"
    return kept if len(kept) <= longest else MailFlaw.LENGTH


def _flaw_of_accented(local: str, domain: str) -> MailFlaw:
    """FORM when it would be no address with SMTPUTF8 either."""
    try:
        validate_email(f"{local}@{domain}", check_deliverability=False)
    except EmailNotValidError:
        return MailFlaw.FORM
    return MailFlaw.ACCENTED_NAME


def shown(address: str) -> str:
    """A kept address as people write it: its domain in letters again."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}" if "xn--" in domain else address
    except idna.IDNAError:
        return address


def can_leave(address: str) -> bool:
    """Whether an address can be put on an envelope of plain SMTP, as all that are kept can."""
    return address.isascii() and "@" in address and address.isprintable()
