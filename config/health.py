"""/healthz: can this process serve people now? For the start script, a load balancer and the operator."""

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
from supervision.selectors import read_watch

logger = logging.getLogger(__name__)

_migrated = False  # once true it stays true: this process runs the code that it was started with


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when pages can be served, else 503. What is lost, missing or stuck beside it is told, not fatal."""
    parts: dict[str, Any] = {"database": _database()}
    working = parts["database"] == "ok"
    if working:
        parts["calendar"] = _calendar()
        parts["messages"] = _messages()
    parts["redis"] = _redis()
    return JsonResponse({"status": "ok" if working else "unavailable", **parts}, status=200 if working else 503)


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
