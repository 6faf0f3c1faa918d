"""The console's signing key: a file beside the database, never in it."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipeline.errors import StoreError

KEY_FILE = "console.key"


class SigningKey:
    """An Ed25519 key; its public half proves ledger heads and exports to anybody."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @property
    def public_hex(self) -> str:
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        """The signature over `data`, 128 hex digits."""
        return self._private.sign(data).hex()


def load_key(folder: Path) -> SigningKey:
    """The key in `folder`, made on first use and readable by its owner only.

    Raises `StoreError` when the file cannot be read or written.
    """
    path = folder / KEY_FILE
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(Ed25519PrivateKey.generate().private_bytes_raw())
        return SigningKey(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"the signing key {KEY_FILE} cannot be used: {type(error).__name__}",
            untouched="The database was not changed.",
            next_step="Put the key file back from the backup beside the database.",
        ) from error


def is_signed(public_hex: str, data: bytes, signature: str) -> bool:
    """True when `signature` over `data` was made with the key of `public_hex`."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex))
        public.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
