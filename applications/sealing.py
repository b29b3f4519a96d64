"""Sealing of personal data and derivation of query codes: every secret of the case in one file.

Keys come from the environment (settings.FIELD_KEYS and friends), never from the database. The first
key of the ring seals, all of them open.
"""

from __future__ import annotations

import base64
import hmac
import os
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from applications.domain.numbers import CODE_ALPHABET, CODE_LENGTH

_NONCE = 12


class SealBroken(Exception):  # noqa: N818
    """A ciphertext does not belong to this row and field, or was changed."""


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(text: str, *, row: str, field: str) -> bytes:
    """Encrypt for exactly this row and field: key name, 0x00, nonce, AES-256-GCM ciphertext."""
    name, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE)
    return name.encode() + b"\0" + nonce + _cipher(key).encrypt(nonce, text.encode(), _bound(row, field))


def unseal(sealed: bytes, *, row: str, field: str) -> str:
    """Decrypt. Raises SealBroken when the bytes were made for another row or field, or changed."""
    name, _, rest = sealed.partition(b"\0")
    try:
        key = _cipher(settings.FIELD_KEYS[name.decode()])
        return key.decrypt(rest[:_NONCE], rest[_NONCE:], _bound(row, field)).decode()
    except (KeyError, UnicodeDecodeError, InvalidTag) as error:
        raise SealBroken(f"{field} of {row} does not open") from error


def _bound(row: str, field: str) -> bytes:
    return f"applicant|{row}|{field}".encode()


def blind_index(text: str) -> str:
    """Keyed hash for exact look-up of an identity number; useless without the key."""
    return hmac.new(settings.BLIND_INDEX_KEY, text.encode(), sha256).hexdigest()


def query_code(number: str) -> str:
    """The villager's eight-character code. Derived from the number, stored nowhere."""
    digest = hmac.new(settings.QUERY_CODE_KEY, f"code|{number}".encode(), sha256).digest()
    value = int.from_bytes(digest, "big")
    letters = []
    for _ in range(CODE_LENGTH):
        value, index = divmod(value, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[index])
    return "".join(letters)


def query_token(number: str) -> str:
    """128 bits for the QR code, so that scanning needs no typing and guessing is hopeless."""
    digest = hmac.new(settings.QUERY_CODE_KEY, f"qr|{number}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def rating_digest(number: str, code: str) -> str:
    """What is kept of a code to rate with, which is drawn at random and printed once."""
    return blind_index(f"rate|{number}|{code}")


def same(expected: str, given: str) -> bool:
    """Compare secrets in constant time; anything that is not ASCII is simply different."""
    return hmac.compare_digest(expected.encode(), given.encode())
