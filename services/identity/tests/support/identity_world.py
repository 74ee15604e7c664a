"""The people of identity's tests, and what they keep asking of the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import orjson
import pyotp
import sqlalchemy as sa

from chassis import tables
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.incoming import CLIENT_ADDRESS_HEADER
from chassis.testing import SubgraphClient, do_job, principal
from identity.jobs.create_staff import CREATE_STAFF
from identity.mails.compose import composer
from identity.runtime import IdentityRuntime

SIRENS = ("732829320", "552100554", "356000000")
PASSWORD = "Abcdefgh123!"

SIGN_UP_PRO = """
mutation ($input: SignUpProInput!, $key: UUID!) {
  signUpPro(input: $input, idempotencyKey: $key) {
    __typename
    ... on SignedUpPro { person { id email roles emailConfirmed } structure { id siren name status } attachmentStatus }
    ... on Refusal { code message }
  }
}"""
SIGN_UP = """
mutation ($input: SignUpInput!, $key: UUID!) {
  signUp(input: $input, idempotencyKey: $key) {
    __typename
    ... on SignedUp { person { id email firstName emailConfirmed roles grants { id } } }
    ... on Refusal { code message }
  }
}"""
CONFIRM = """
mutation ($token: String!, $password: String!) {
  confirmEmail(token: $token, password: $password) {
    __typename ... on EmailConfirmed { person { id emailConfirmed } } ... on Refusal { code }
  }
}"""
SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(email: $email, password: $password) {
    __typename
    ... on Session { accessToken refreshToken expiresInSeconds person { id } }
    ... on Refusal { code message }
  }
}"""
SIGN_IN_STAFF = """
mutation ($email: String!, $password: String!) {
  signInStaff(email: $email, password: $password) {
    __typename
    ... on StaffChallenge { challenge expiresAt factors requestOptions offer { otpauthUri creationOptions } }
    ... on Refusal { code message }
  }
}"""
ANSWER_STAFF_CHALLENGE = """
mutation ($challenge: String!, $factor: Factor!, $proof: String!) {
  answerStaffChallenge(challenge: $challenge, factor: $factor, proof: $proof) {
    __typename
    ... on Session { accessToken refreshToken expiresInSeconds person { id } }
    ... on Refusal { code message }
  }
}"""
ENROL_FACTOR = """
mutation ($challenge: String!, $factor: Factor!, $proof: String!) {
  enrolFactor(challenge: $challenge, factor: $factor, proof: $proof) {
    __typename
    ... on FactorEnrolled { recoveryCodes session { accessToken refreshToken person { id } } }
    ... on Refusal { code message }
  }
}"""
SUBMIT = """
mutation ($input: IdentityCheckInput!, $key: UUID!) {
  submitIdentityCheck(input: $input, idempotencyKey: $key) {
    __typename ... on IdentityCheckSubmitted { identityCheck { id status } } ... on Refusal { code message }
  }
}"""
ACCEPT = """
mutation ($id: ID!, $key: UUID!) {
  acceptIdentityCheck(personId: $id, idempotencyKey: $key) {
    __typename
    ... on IdentityCheckAccepted {
      person { id roles departmentCode }
      grant { id kind amountCents digitalCapCents physicalCapCents grantedAt expiresAt }
    }
    ... on Refusal { code message }
  }
}"""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team who has registered a second factor."""

    email: str
    secret: str
    """Of the codes; empty when it is a key."""
    recovery_codes: Sequence[str]
    session: Mapping[str, Any]
    """Their first one."""
    principal: Principal


@dataclass(slots=True)
class IdentityWorld:
    """The service under test: its runtime, its subgraph, and what its tests keep asking of them."""

    runtime: IdentityRuntime
    api: SubgraphClient
    admin: Principal

    async def act(
        self, document: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> dict[str, Any]:
        """The only field of the answer, with a key of its own unless one is given."""
        data = await self.api.data(document, {"key": str(new_id()), **(variables or {})}, **who)
        (answer,) = data.values()
        result: dict[str, Any] = answer
        return result

    def pro_form(self, **changes: Any) -> dict[str, Any]:
        return {
            "email": "lieu@example.com",
            "password": PASSWORD,
            "firstName": "Anne",
            "lastName": "Le Gall",
            "phone": "01 99 00 12 34",
            "siren": SIRENS[0],
            "structureName": "La Criée",
            **changes,
        }

    def app_form(self, **changes: Any) -> dict[str, Any]:
        return {
            "email": "jeune@example.com",
            "password": PASSWORD,
            "firstName": "Élise",
            "lastName": "Martin",
            "birthDate": "2008-05-04",
            "postalCode": "35000",
            **changes,
        }

    def check_form(self, **changes: Any) -> dict[str, Any]:
        return {
            "documentNumber": "12AB34CD5",
            "firstName": "Élise",
            "lastName": "Martin",
            "birthDate": "2008-05-04",
            "city": "Rennes",
            "postalCode": "35000",
            "activity": "Lycéen",
            "honourStatement": True,
            **changes,
        }

    async def sign_up_pro(self, key: str | None = None, **form: Any) -> dict[str, Any]:
        return await self.act(SIGN_UP_PRO, {"input": self.pro_form(**form), "key": key or str(new_id())})

    async def sign_up(self, key: str | None = None, at: Any = None, **form: Any) -> dict[str, Any]:
        return await self.act(SIGN_UP, {"input": self.app_form(**form), "key": key or str(new_id())}, at=at)

    async def confirm_email(self, token: str, password: str = PASSWORD) -> dict[str, Any]:
        return await self.act(CONFIRM, {"token": token, "password": password})

    async def sign_in(
        self, email: str, password: str = PASSWORD, address: str = "203.0.113.1"
    ) -> dict[str, Any]:
        variables = {"email": email, "password": password}
        return await self.act(SIGN_IN, variables, headers={CLIENT_ADDRESS_HEADER: address})

    async def make_staff(self, email: str = "equipe@example.com", role: str = "admin", **more: str) -> str:
        """What the operator's job says."""
        options = {"email": email, "role": role, "password": PASSWORD, **more}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return await do_job(self.runtime, CREATE_STAFF, *words)

    async def sign_in_staff(
        self, email: str = "equipe@example.com", password: str = PASSWORD, address: str = "203.0.113.1"
    ) -> dict[str, Any]:
        """The challenge."""
        variables = {"email": email, "password": password}
        return await self.act(SIGN_IN_STAFF, variables, headers={CLIENT_ADDRESS_HEADER: address})

    async def answer(self, challenge: Mapping[str, Any], proof: str, factor: str = "TOTP") -> dict[str, Any]:
        variables = {"challenge": challenge["challenge"], "factor": factor, "proof": proof}
        return await self.act(ANSWER_STAFF_CHALLENGE, variables)

    async def enrol(self, challenge: Mapping[str, Any], proof: str, factor: str = "TOTP") -> dict[str, Any]:
        variables = {"challenge": challenge["challenge"], "factor": factor, "proof": proof}
        return await self.act(ENROL_FACTOR, variables)

    def code(self, secret: str, steps: int = 0) -> str:
        """What an application shows, so many steps of 30 seconds from now."""
        return pyotp.TOTP(secret).at(self.runtime.clock.now(), counter_offset=steps)

    def next_step(self) -> None:
        """Another code is shown from now on."""
        self.runtime.clock.instant += timedelta(seconds=30)

    async def colleague(self, email: str = "equipe@example.com", role: str = "admin") -> Colleague:
        """Made by the operator, signed in for the first time, and the time of their first code over."""
        await self.make_staff(email, role)
        challenge = await self.sign_in_staff(email)
        secret = pyotp.parse_uri(challenge["offer"]["otpauthUri"]).secret
        enrolled = await self.enrol(challenge, self.code(secret))
        assert enrolled["__typename"] == "FactorEnrolled", enrolled
        self.next_step()
        session = enrolled["session"]
        who = principal(role, person_id=UUID(session["person"]["id"]))
        return Colleague(email, secret, enrolled["recoveryCodes"], session, who)

    async def session_of(self, colleague: Colleague, password: str = PASSWORD) -> dict[str, Any]:
        """A further session of theirs, or the refusal of one of the two steps."""
        challenge = await self.sign_in_staff(colleague.email, password)
        if "code" in challenge:
            return challenge
        session = await self.answer(challenge, self.code(colleague.secret))
        self.next_step()
        return session

    async def submit(self, by: Principal, at: Any = None, **form: Any) -> dict[str, Any]:
        return await self.act(SUBMIT, {"input": self.check_form(**form)}, by=by, at=at)

    async def accept(self, person: Principal, at: Any = None) -> dict[str, Any]:
        return await self.act(ACCEPT, {"id": str(person.person_id)}, by=self.admin, at=at)

    async def granted(self, person: Principal, at: Any = None, **form: Any) -> dict[str, Any]:
        """The grant of a check that was handed in and accepted."""
        submitted = await self.submit(person, at, **form)
        assert submitted["__typename"] == "IdentityCheckSubmitted", submitted
        accepted = await self.accept(person, at)
        assert accepted["__typename"] == "IdentityCheckAccepted", accepted
        grant: dict[str, Any] = accepted["grant"]
        return grant

    async def mails(self) -> Sequence[EmailMessage]:
        """Every mail owed so far, written as the sender would write it."""
        compose = composer(self.runtime)
        messages = []
        async with self.runtime.database.engine.begin() as connection:
            owed = await connection.execute(
                sa.select(tables.outgoing_mails).order_by(tables.outgoing_mails.c.id)
            )
            for row in owed.all():
                message = await compose(connection, row.kind, row.payload)
                if message is not None:
                    messages.append(message)
        return messages

    async def mailed_tokens(self) -> list[str]:
        """The secret of each confirmation link that is owed, in the order of the forms."""
        texts = [mail.get_content() for mail in await self.mails()]
        return [text.partition("token=")[2].split()[0] for text in texts if "token=" in text]

    async def mailed_token(self) -> str:
        """The secret of the last confirmation link."""
        return (await self.mailed_tokens())[-1]

    async def confirm(self) -> None:
        answer = await self.confirm_email(await self.mailed_token())
        assert answer["__typename"] == "EmailConfirmed", answer

    async def young_person(self, *, at: Any = None, **form: Any) -> Principal:
        """Signed up and confirmed, at a business instant."""
        signed_up = await self.sign_up(at=at, **form)
        assert signed_up["__typename"] == "SignedUp", signed_up
        await self.confirm()
        return principal("beneficiary", person_id=UUID(signed_up["person"]["id"]))

    async def pro(self, **form: Any) -> tuple[Principal, UUID]:
        """Signed up and confirmed: the person, and the id of their new structure."""
        signed_up = await self.sign_up_pro(**form)
        assert signed_up["__typename"] == "SignedUpPro", signed_up
        await self.confirm()
        structure_id = UUID(signed_up["structure"]["id"])
        person_id = UUID(signed_up["person"]["id"])
        return principal("pro", person_id=person_id, structures=(structure_id,)), structure_id

    async def events(self, topic: str | None = None) -> list[dict[str, Any]]:
        """What waits in the outbox, oldest first."""
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(sa.select(tables.outbox).order_by(tables.outbox.c.id))
            return [orjson.loads(row.payload) for row in rows if topic in (None, row.topic)]

    async def count(self, table: sa.Table) -> int:
        async with self.runtime.database.read() as connection:
            return int(await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
