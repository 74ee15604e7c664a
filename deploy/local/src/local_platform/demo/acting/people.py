"""Signing up and in, and what the team decides about people and structures."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.demo.story.cast import Place, YoungPerson
from local_platform.servers.mail_reader import Mail, Mailbox
from local_platform.user_error import UserError

MAIL_PATIENCE = 30.0
"""Seconds for a mail to arrive in the local mailbox."""

SIGN_UP_PRO = """
mutation SignUpPro($input: SignUpProInput!, $key: UUID!) {
  signUpPro(input: $input, idempotencyKey: $key) {
    ... on SignedUpPro { person { id emailConfirmed } structure { id siren status } }
    ... on Refusal { code message }
  }
}
"""
SIGN_UP = """
mutation SignUp($input: SignUpInput!, $key: UUID!) {
  signUp(input: $input, idempotencyKey: $key) {
    ... on SignedUp { person { email } }
    ... on Refusal { code message }
  }
}
"""
CONFIRM_EMAIL = """
mutation ConfirmEmail($token: String!, $password: String!) {
  confirmEmail(token: $token, password: $password) {
    ... on EmailConfirmed { person { id emailConfirmed } }
    ... on Refusal { code message }
  }
}
"""
SIGN_IN = """
mutation SignIn($email: String!, $password: String!) {
  signIn(email: $email, password: $password) {
    ... on Session { accessToken person { id firstName roles } }
    ... on Refusal { code message }
  }
}
"""
VALIDATE_STRUCTURE = """
mutation ValidateStructure($structureId: ID!, $key: UUID!) {
  validateStructure(structureId: $structureId, idempotencyKey: $key) {
    ... on StructureDecided { structure { id name status } }
    ... on Refusal { code message }
  }
}
"""
SUBMIT_IDENTITY_CHECK = """
mutation SubmitIdentityCheck($input: IdentityCheckInput!, $key: UUID!) {
  submitIdentityCheck(input: $input, idempotencyKey: $key) {
    ... on IdentityCheckSubmitted { person { id } identityCheck { status } }
    ... on Refusal { code message }
  }
}
"""
ACCEPT_IDENTITY_CHECK = """
mutation AcceptIdentityCheck($personId: ID!, $key: UUID!) {
  acceptIdentityCheck(personId: $personId, idempotencyKey: $key) {
    ... on IdentityCheckAccepted { grant { kind amountCents digitalCapCents expiresAt } }
    ... on Refusal { code message }
  }
}
"""


def sign_up_place(client: GatewayClient, place: Place) -> dict[str, Any]:
    """The new structure: `{id siren status}`."""
    form = {
        "email": place.email,
        "password": place.password,
        "firstName": place.first_name,
        "lastName": place.last_name,
        "phone": "0467000000",
        "siren": place.siren,
        "structureName": place.structure_name,
    }
    structure: dict[str, Any] = client.act(SIGN_UP_PRO, input=form)["structure"]
    return structure


def sign_up_young_person(client: GatewayClient, person: YoungPerson, session: Session) -> None:
    form = {
        "email": person.email,
        "password": person.password,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "birthDate": person.birth_date.isoformat(),
        "postalCode": person.postal_code,
    }
    client.act(SIGN_UP, session, input=form)


def confirm_address(
    client: GatewayClient, who: Place | YoungPerson, mailbox: Mailbox, session: Session | None = None
) -> None:
    """Follow the link of the confirmation mail, as whoever signed up and owns the mailbox would."""
    mail = await_mail(mailbox, who.email, lambda mail: "token=" in mail.text)
    found = re.search(r"token=([\w-]+)", mail.text)
    assert found is not None
    variables = {"token": found.group(1), "password": who.password}
    confirmed = client.ask(CONFIRM_EMAIL, session, **variables)["confirmEmail"]
    # The link is good once: when an answer was lost on the way, it had its effect. Signing in will tell.
    if "code" in confirmed and client.tries == 1:
        raise UserError(f"The address was not confirmed: {confirmed['message']}")


def sign_in(client: GatewayClient, email: str, password: str) -> Session:
    """A session with a fresh token: roles and structures are those of this moment."""
    opened = client.ask(SIGN_IN, email=email, password=password)["signIn"]
    if "code" in opened:
        raise UserError(f"{email} cannot sign in: {opened['message']}")
    return Session(token=opened["accessToken"], person_id=opened["person"]["id"])


def validate_structure(client: GatewayClient, admin: Session, structure_id: str) -> dict[str, Any]:
    structure: dict[str, Any] = client.act(VALIDATE_STRUCTURE, admin, structureId=structure_id)["structure"]
    return structure


def submit_identity_check(client: GatewayClient, session: Session, person: YoungPerson) -> None:
    form = {
        "documentNumber": person.document_number,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "birthDate": person.birth_date.isoformat(),
        "city": person.city,
        "postalCode": person.postal_code,
        "activity": "Lycéen",
        "honourStatement": True,
    }
    client.act(SUBMIT_IDENTITY_CHECK, session, input=form)


def accept_identity_check(client: GatewayClient, admin: Session, person_id: str) -> dict[str, Any]:
    """The credit that follows: `{kind amountCents digitalCapCents expiresAt}`."""
    grant: dict[str, Any] = client.act(ACCEPT_IDENTITY_CHECK, admin, personId=person_id)["grant"]
    return grant


def become_beneficiary(
    client: GatewayClient, mailbox: Mailbox, admin: Session, person: YoungPerson, at: datetime | None = None
) -> tuple[Session, dict[str, Any]]:
    """From the sign-up to the credit, on the business day of `at`; their session, and what was granted."""
    anybody = Session(at=at)
    sign_up_young_person(client, person, anybody)
    confirm_address(client, person, mailbox, anybody)
    session = sign_in(client, person.email, person.password).on(at)
    submit_identity_check(client, session, person)
    grant = accept_identity_check(client, admin.on(at), session.person_id)
    return sign_in(client, person.email, person.password).on(at), grant


def await_mail(mailbox: Mailbox, email: str, fits: Callable[[Mail], bool]) -> Mail:
    """The newest mail to this address that fits. Raises UserError when none arrives."""
    deadline = time.monotonic() + MAIL_PATIENCE
    while time.monotonic() < deadline:
        for mail in mailbox.mails_to(email):
            if fits(mail):
                return mail
        time.sleep(0.1)
    raise UserError(
        f"No such mail has arrived for {email} in {MAIL_PATIENCE:.0f} s.",
        "See ./pass mail and ./pass status.",
    )
