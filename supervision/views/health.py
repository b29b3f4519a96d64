"""/healthz/sweep: does the watch live? For the operator's alarm, which must not depend on anybody logging in."""

from __future__ import annotations

import logging

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from supervision.selectors import heartbeat

logger = logging.getLogger(__name__)


@require_safe
def healthz_sweep(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the last sweep is at most ten minutes old, else 503."""
    try:
        beat = heartbeat()
    except Error as error:
        logger.error("health_sweep_unreadable error=%s", type(error).__name__)
        return JsonResponse({"status": "unknown", "reason": "database"}, status=503)
    answer = {
        "status": "blocked" if beat.is_blocked else "ok" if beat.is_alive else "dead",
        "last_finished": beat.last_finished.isoformat() if beat.last_finished else None,
        "minutes": beat.minutes,
        "claimed": beat.claimed,
        "failed": beat.failed,
        "lag_seconds": beat.lag_seconds,
    }
    return JsonResponse(answer, status=200 if beat.is_alive else 503)
