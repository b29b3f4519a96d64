"""Read settings from the environment, and say in one sentence what is wrong with them."""

import base64
import binascii
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"环境变量 {name} 没有设置。演示环境请用 python3 start.py manage … 运行。")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str) -> str:
    """Return https://name or https://name:port without a path, "" when it is not set."""
    value = text(name, "").rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or value.count("/") != 2):
        raise ImproperlyConfigured(f"环境变量 {name} 应为网站的地址，例如 https://zwfw.example.gov.cn，后面不带路径。")
    return value


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"环境变量 {name} 应为非负整数。")
    return int(value)


def key(name: str, default: str | None = None) -> bytes:
    """Return the 32 bytes that base64 text holds."""
    return _key_bytes(name, text(name, default))


def key_ring(name: str, default: str | None = None) -> dict[str, bytes]:
    """Return {"v2": 32 bytes, "v1": 32 bytes} from "v2:base64,v1:base64".

    The first key encrypts; the others only read what was written before it.
    """
    ring: dict[str, bytes] = {}
    for entry in text(name, default).split(","):
        version, colon, encoded = entry.strip().partition(":")
        if not colon or not version or version in ring:
            raise ImproperlyConfigured(f"环境变量 {name} 的格式应为 v1:密钥,v2:密钥，版本号不得重复。")
        ring[version] = _key_bytes(name, encoded)
    return ring


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for postgres://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL 应为 postgres://用户:口令@主机:端口/库名；本系统只支持 PostgreSQL。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _key_bytes(name: str, encoded: str) -> bytes:
    try:
        value = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        value = b""
    if len(value) != KEY_BYTES:
        raise ImproperlyConfigured(f"环境变量 {name} 中的密钥应为 {KEY_BYTES} 字节的 base64 文本。")
    return value
