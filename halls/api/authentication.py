"""Tokens of the API."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

_SHAPE = re.compile(r"[0-9a-f]{40}")


class KnownToken(TokenAuthentication):
    """A token of the framework, refused by its shape before the database is asked."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        if not _SHAPE.fullmatch(key):
            raise AuthenticationFailed(_("令牌无效。"))
        return super().authenticate_credentials(key)
