"""A security key made of software: what a browser would send of it, by WebAuthn Level 2, with `cryptography` alone."""

import base64
import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from chassis.ids import new_id

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class SoftwareKey:
    """Answers what a page asks; each field may be made wrong."""

    origin: str = "http://127.0.0.1:4000"
    rp_id: str = "127.0.0.1"
    flags: int = USER_PRESENT | USER_VERIFIED
    sign_count: int = 0
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: new_id().bytes * 2)
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: str) -> str:
        """`JSON.stringify(await navigator.credentials.create(…))`"""
        client_data = self._client_data("webauthn.create", options)
        attested = (
            bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._public_key()
        )
        authenticator_data = self._authenticator_data(self.flags | ATTESTED) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": authenticator_data}
        return self._said({"clientDataJSON": client_data, "attestationObject": cbor2.dumps(attestation)})

    def get(self, options: str) -> str:
        """`JSON.stringify(await navigator.credentials.get(…))`"""
        self.sign_count += self.counts
        client_data = self._client_data("webauthn.get", options)
        authenticator_data = self._authenticator_data(self.flags)
        signed = authenticator_data + sha256(client_data).digest()
        signature = self.private_key.sign(signed, ec.ECDSA(SHA256()))
        return self._said(
            {
                "clientDataJSON": client_data,
                "authenticatorData": authenticator_data,
                "signature": signature,
            }
        )

    def _client_data(self, kind: str, options: str) -> bytes:
        said = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps({**said, "crossOrigin": False}).encode()

    def _authenticator_data(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.sign_count)

    def _public_key(self) -> bytes:
        numbers = self.private_key.public_key().public_numbers()
        whole: bytes = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        return whole

    def _said(self, response: dict[str, bytes]) -> str:
        credential: dict[str, Any] = {
            "id": base64url(self.credential_id),
            "rawId": base64url(self.credential_id),
            "type": "public-key",
            "response": {name: base64url(value) for name, value in response.items()},
            "clientExtensionResults": {},
        }
        return json.dumps(credential)
