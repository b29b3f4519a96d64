"""/readyz tells whether pages can be served, /healthz whether to trust them; neither says anything about anybody."""

import time

import pytest
from django.db import OperationalError, connection

from config import health


@pytest.mark.django_db
def test_a_working_site_is_healthy(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})
    answer = client.get("/healthz")
    assert answer.json()["database"] == "ok"
    assert set(answer.json()["calendar"]) == {"year", "published"}
    assert answer.json()["faults"][0] == "sweep", "nobody ever swept here"


@pytest.mark.django_db
def test_a_site_without_its_database_is_not(client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused for password=secret")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert client.get("/readyz").status_code == 503
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_a_site_with_tables_missing_is_not(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda *_: ["one to do"])
    answer = client.get("/healthz")
    assert client.get("/readyz").status_code == 503
    assert answer.status_code == 503
    assert answer.json()["database"] == "not migrated"


@pytest.mark.django_db
def test_a_lost_redis_is_told_and_not_fatal(client, settings, closed_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"
    begun = time.monotonic()
    answer = client.get("/healthz")
    assert "redis" not in answer.json()["faults"]
    assert answer.json()["redis"] == "down"
    assert time.monotonic() - begun < 1
