"""Answers that need not be sent again: an ETag of what they say, and 304 for whoever has it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

NOT_MODIFIED = OpenApiResponse(description="与 If-None-Match 给出的 ETag 相同，没有变化")


def answer_unless_known(request: Request, data: Any) -> HttpResponseBase:
    """Return the answer with its ETag, or 304 without a body.

    The tag is made from the answer itself: whatever shows in it counts, a department's new name too.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    answer = Response(data, headers={"ETag": etag, "Cache-Control": "no-cache"})
    known = get_conditional_response(request._request, etag=etag, response=answer)
    return known if known is not None and known.status_code == 304 else answer
