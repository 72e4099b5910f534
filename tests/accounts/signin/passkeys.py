"""A software passkey that answers the site's requests as a browser would, well or badly."""

from __future__ import annotations

import hashlib
import json
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftPasskey:
    """One key for one site; ``verifies`` is whether it checks a fingerprint or a PIN."""

    def __init__(self, *, site: str = "testserver", verifies: bool = True) -> None:
        self.site = site
        self.origin = f"https://{site}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user_handle = ""
        self.flags = PRESENT | (VERIFIED if verifies else 0)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def register(self, options: dict) -> str:
        """Return the response to the page that adds a passkey."""
        asked = options["creation_options"]["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AuthenticatorData.create(
            hashlib.sha256(self.site.encode()).digest(),
            self.flags | ATTESTED,
            0,
            AttestedCredentialData.create(b"\0" * 16, self.id, public),
        )
        response = {
            "clientDataJSON": websafe_encode(self._said("webauthn.create", asked["challenge"])),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", held, {}))),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def use(self, options: dict) -> str:
        """Return the response to a page that asks for a passkey."""
        said = self._said("webauthn.get", options["request_options"]["publicKey"]["challenge"])
        held = AuthenticatorData.create(hashlib.sha256(self.site.encode()).digest(), self.flags, 0)
        signed = self.key.sign(bytes(held) + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(bytes(held)),
            "signature": websafe_encode(signed),
            "userHandle": self.user_handle,
        }
        return self._answer(response, {})

    def _answer(self, response: dict, extensions: dict) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": extensions,
                "response": response,
            }
        )
