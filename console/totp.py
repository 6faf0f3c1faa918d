"""Time-based one-time codes (RFC 6238: HMAC-SHA1, 30 seconds, 6 digits), as authenticator apps make them."""

import base64
import hmac
import secrets
import struct
from hashlib import sha1
from urllib.parse import quote

STEP_SECONDS = 30
_DIGITS = 6


def new_secret() -> str:
    """A fresh secret: 160 random bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def code_at(secret: str, step: int) -> str:
    """The six digits of that time step (seconds since 1970 ÷ 30)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def find_step(secret: str, code: str, *, now: float, after: int) -> int | None:
    """The time step that `code` belongs to, at most one step early or late and later than `after`."""
    current = int(now // STEP_SECONDS)
    for step in (current, current - 1, current + 1):
        if step > after and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def enrolment_uri(secret: str, username: str) -> str:
    """What an authenticator app reads from a QR code."""
    return (
        f"otpauth://totp/{quote('初核')}:{quote(username)}?secret={secret}&issuer={quote('初核')}"
    )
