"""Secrets of webhooks at rest: encrypted in the database by a key that lies outside it.

The key is a file of its own beside the signing key, made when the first secret is stored. A stored secret is
``s1:`` and the base64 of AES-SIV (RFC 5297), whose key is derived from the file by HKDF; the ids of project and webhook
are authenticated with it, so that a sealed secret opens in its own row alone. AES-SIV needs no nonce, so that a sealed
secret of 32 bytes fits into the column, which is 80 characters wide.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from labelwright.errors import IntegrityError
from labelwright.store.owner_files import create

SEALED: Final = "s1:"
START: Final = "whs_"
SECRET_BYTES: Final = 32
NAME: Final = "webhook-key"
CURE: Final = "Put the file back from your backup, or set the address again, which makes a new secret."


def new_secret() -> str:
    """A new secret: 256 bits at random, as text.

    >>> new_secret()[:4], len(new_secret())
    ('whs_', 47)
    """
    return START + _encode(secrets.token_bytes(SECRET_BYTES))


def is_sealed(stored: str) -> bool:
    """Whether a stored secret is encrypted; those of earlier versions are not.

    >>> is_sealed("s1:Zm9v"), is_sealed("whs_Zm9v")
    (True, False)
    """
    return stored.startswith(SEALED)


class Sealer:
    """Encrypts and decrypts secrets with the key file of a home.

    Parameters
    ----------
    folder : Path
        The home's folder of keys.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def seal(self, secret: str, project_id: str, webhook_id: str) -> str:
        """Encrypt a secret that `new_secret` made; the key file is made if it is not there.

        Raises
        ------
        OSError
            If the key file can be neither read nor made.
        """
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            create(self.path, secrets.token_hex(32).encode())
        sealed = self._cipher().encrypt(_decode(secret.removeprefix(START)), _about(project_id, webhook_id))
        return SEALED + _encode(sealed)

    def open(self, stored: str, project_id: str, webhook_id: str) -> str:
        """The secret; one that was stored unencrypted is returned as it is.

        Raises
        ------
        IntegrityError
            If the key file is away, or is not the one that the secret was encrypted with.
        """
        if not is_sealed(stored):
            return stored
        if not self.path.exists():
            raise IntegrityError(f"its secret needs the file keys/{NAME} of the home, which is not there. {CURE}", CURE)
        try:
            raw = self._cipher().decrypt(_decode(stored.removeprefix(SEALED)), _about(project_id, webhook_id))
        except (InvalidTag, binascii.Error):
            raise IntegrityError(f"its secret was encrypted with another keys/{NAME}. {CURE}", CURE) from None
        return START + _encode(raw)

    def _cipher(self) -> AESSIV:
        try:
            key = self.path.read_bytes().strip()
        except OSError as error:
            raise IntegrityError(
                f"the file keys/{NAME} cannot be read ({type(error).__name__}). {CURE}", CURE
            ) from None
        return AESSIV(HKDF(SHA256(), 64, salt=None, info=b"labelwright:webhook-secret:1").derive(key))


def _about(project_id: str, webhook_id: str) -> list[bytes]:
    return [project_id.encode(), webhook_id.encode()]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
