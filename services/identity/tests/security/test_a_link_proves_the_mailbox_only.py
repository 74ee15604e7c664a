"""Pre-hijack: whoever types a stranger's address into a form never gets the account that its owner confirms."""

from typing import Any

import pytest
import sqlalchemy as sa

from identity.persistence.tables import attachments

pytestmark = pytest.mark.servers

VICTIM = "victime@example.com"
ATTACK = "Attaquant123!"


async def signed_up(identity: Any, how: str, **form: Any) -> None:
    sign_up = {"app": identity.sign_up, "pro": identity.sign_up_pro}[how]
    answer = await sign_up(email=VICTIM, **form)
    assert answer["__typename"] in ("SignedUp", "SignedUpPro"), answer


@pytest.mark.parametrize("attackers", ["app", "pro"])
@pytest.mark.parametrize("victims", ["app", "pro"])
@pytest.mark.parametrize("attacker_is_first", [True, False])
async def test_the_owner_of_a_mailbox_never_confirms_a_strangers_password(
    identity: Any, attackers: str, victims: str, attacker_is_first: bool
) -> None:
    attack: dict[str, Any] = {"password": ATTACK, "firstName": "Mallory"}
    attack |= {"siren": "552100554"} if attackers == "pro" else {}
    forms = [(attackers, attack), (victims, {})]
    for how, form in forms if attacker_is_first else reversed(forms):
        await signed_up(identity, how, **form)
    links = await identity.mailed_tokens()
    assert len(links) == 2
    # The owner follows both links, the wrong one first, with the only password that they know.
    attackers_link, own_link = links if attacker_is_first else reversed(links)
    assert (await identity.confirm_email(attackers_link))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.confirm_email(own_link))["__typename"] == "EmailConfirmed"
    assert (await identity.sign_in(VICTIM))["__typename"] == "Session"
    with_theirs = await identity.sign_in(VICTIM, ATTACK)
    assert with_theirs["__typename"] != "Session"
    assert (await identity.confirm_email(attackers_link, ATTACK))["code"] == "INVALID_TOKEN"


async def test_the_owner_acts_for_no_structure_that_a_stranger_named(identity: Any) -> None:
    await signed_up(identity, "pro", password=ATTACK, siren="552100554")
    await signed_up(identity, "pro")
    _, own_link = await identity.mailed_tokens()
    assert (await identity.confirm_email(own_link))["__typename"] == "EmailConfirmed"
    async with identity.runtime.database.read() as connection:
        statuses = (
            await connection.scalars(sa.select(attachments.c.status).order_by(attachments.c.id))
        ).all()
    assert list(statuses) == ["rejected", "validated"]


async def test_passwords_cannot_be_tried_out_behind_a_link(identity: Any) -> None:
    await identity.sign_up()
    link = await identity.mailed_token()
    for number in range(10):
        assert (await identity.confirm_email(link, f"Essai-{number}-abc"))["code"] == "INVALID_CREDENTIALS"
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.confirm_email(link)
