"""Keys in the hands of the team (WebAuthn), by the library `webauthn`: bound to our domain and our pages.

What a browser sends is judged as a whole: whatever is wrong with it, it is no answer. The library is imported where
it is used: it brings a quarter of a second of imports, and most processes of identity never look at a key.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from identity.one_time_codes import ISSUER

_NONCE_BYTES = 32
_LONGEST_ANSWER = 20_000
"""Characters; a registration with an attestation of a security key has some 2 000."""


class Registered(NamedTuple):
    """A key as it is kept; `public_key` is COSE."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_nonce() -> bytes:
    """What a key signs, so that the signature answers this question and no other."""
    return secrets.token_bytes(_NONCE_BYTES)


@dataclass(frozen=True, slots=True)
class Passkeys:
    rp_id: str
    """The domain that keys are made for."""
    origins: Sequence[str]
    """The pages that may ask for them."""

    def creation_options(self, nonce: bytes, person_id: UUID, name: str) -> str:
        """JSON for `navigator.credentials.create` (`parseCreationOptionsFromJSON`)."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

        chosen = AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.REQUIRED)
        return options_to_json(
            generate_registration_options(
                rp_id=self.rp_id,
                rp_name=ISSUER,
                user_id=person_id.bytes,
                user_name=name,
                challenge=nonce,
                authenticator_selection=chosen,
            )
        )

    def request_options(self, nonce: bytes, credential_ids: Sequence[bytes]) -> str:
        """JSON for `navigator.credentials.get` (`parseRequestOptionsFromJSON`)."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

        return options_to_json(
            generate_authentication_options(
                rp_id=self.rp_id,
                challenge=nonce,
                allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in credential_ids],
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def registered(self, answer: str, nonce: bytes) -> Registered | None:
        """The key that `navigator.credentials.create` has made for this nonce; None for anything else."""
        from webauthn import verify_registration_response

        def verify(credential: dict[str, Any]) -> Registered:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=nonce,
                expected_rp_id=self.rp_id,
                expected_origin=list(self.origins),
                require_user_verification=True,
            )
            return Registered(verified.credential_id, verified.credential_public_key, verified.sign_count)

        return _judged(answer, verify)

    def asserted(self, answer: str, nonce: bytes, key: Registered) -> int | None:
        """How often the key says that it has signed, this nonce included; None when it did not sign it.

        A key that counts must count on: an older or an equal number is a copy of it.
        """
        from webauthn import verify_authentication_response

        def verify(credential: dict[str, Any]) -> int:
            return verify_authentication_response(
                credential=credential,
                expected_challenge=nonce,
                expected_rp_id=self.rp_id,
                expected_origin=list(self.origins),
                credential_public_key=key.public_key,
                credential_current_sign_count=key.sign_count,
                require_user_verification=True,
            ).new_sign_count

        return _judged(answer, verify)


def credential_of(answer: str) -> bytes | None:
    """The id of the key that a browser says has answered; None when it names none."""
    from webauthn import base64url_to_bytes

    return _judged(answer, lambda credential: base64url_to_bytes(credential["rawId"]))


T = TypeVar("T")


def _judged(answer: str, judge: Callable[[dict[str, Any]], T]) -> T | None:
    if len(answer) > _LONGEST_ANSWER:
        return None
    try:
        return judge(json.loads(answer))
    except Exception:
        # CBOR, ASN.1, JSON and five formats of attestation: what a stranger sends may break any of their readers.
        return None
