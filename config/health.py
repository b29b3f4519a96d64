"""/readyz: can this process serve people now? For the start script and a load balancer. /healthz: may its figures be
trusted? For the operator's alarm.
"""

import logging
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from halls.models import CalendarYear
from supervision.actions.raise_alarm import raise_alarm
from supervision.selectors import read_watch

logger = logging.getLogger(__name__)

_migrated = False  # once true it stays true: this process runs the code that it was started with


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when pages can be served, else 503."""
    database = _database()
    is_ready = database == "ok"
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "database": database}, status=200 if is_ready else 503
    )


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503: `unavailable` when no page can be served, `red` for a fault of the watch.

    A lost Redis is told and not fatal. Whoever asks also raises the alarm inside the system: a dead watch cannot.
    """
    parts: dict[str, Any] = {"database": _database()}
    status = "ok" if parts["database"] == "ok" else "unavailable"
    if status == "ok":
        parts["calendar"] = _calendar()
        parts["messages"] = _messages()
        faults = raise_alarm()
        parts["faults"] = [fault.key for fault in faults]
        status = "red" if any(fault.is_red for fault in faults) else "ok"
    parts["redis"] = _redis()
    return JsonResponse({"status": status, **parts}, status=200 if status == "ok" else 503)


def _database() -> str:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        logger.error("health_database_unavailable error=%s", type(error).__name__)
        return "down"
    return "ok" if _migrated else "not migrated"


def _calendar() -> dict[str, Any]:
    """Return whether the work calendar covers this year; without it nothing can be accepted."""
    year = timezone.localdate().year
    return {"year": year, "published": CalendarYear.objects.filter(year=year).exists()}


def _messages() -> dict[str, int]:
    """Return how many warnings found nobody to tell, and how many texts no gateway took; counted up to a hundred."""
    post = read_watch().post
    return {"stuck_warnings": post.stuck_rungs, "stuck_texts": post.stuck_texts}


def _redis() -> str:
    if not settings.REDIS_URL:
        return "not configured"
    seconds = settings.REDIS_TIMEOUT_SECONDS
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds) as server:
            server.ping()
    except (redis.RedisError, OSError):
        return "down"
    return "ok"
