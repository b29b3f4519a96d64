"""The private servers: loopback only, a password for everybody, durable across starts, gone after stop."""

import os
import secrets
import signal
from pathlib import Path

import psycopg2
import pytest

from config import embedded, machine
from config.embedded import APP, DATABASE, OWNER, Postgres, Redis, make_roles, ping_redis

PASSWORDS = {
    name: secrets.token_urlsafe(12) for name in ("admin_password", "owner_password", "app_password", "redis_password")
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that nobody else may enter, as below /root."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def postgres(home):
    server = Postgres(home / "postgres", PASSWORDS, durable=False)
    server.start()
    answer = make_roles(
        {
            "url": server.url(database="postgres"),
            "owner": {"name": OWNER, "password": PASSWORDS["owner_password"]},
            "app": {"name": APP, "password": PASSWORDS["app_password"]},
            "database": DATABASE,
        }
    )
    assert answer == {"ok": True, "app": True}
    yield server
    server.stop()


def ask(url: str, question: str):
    connection = psycopg2.connect(url, connect_timeout=3)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(question)
        answer = cursor.fetchone() if cursor.description else None
    connection.close()
    return answer


def test_owner_and_application_are_two_roles(postgres):
    assert ask(postgres.url(OWNER), "SELECT session_user::text") == (OWNER,)
    assert ask(postgres.url(APP), "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = session_user") == (
        False,
    )
    ask(postgres.url(OWNER), "CREATE TABLE owned (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(postgres.url(APP), "SELECT * FROM owned")


def test_nobody_connects_without_the_password(postgres):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(postgres.url(OWNER).replace(PASSWORDS["owner_password"], "wrong"), "SELECT 1")


def test_the_server_does_not_run_as_root(postgres):
    assert postgres.process
    assert Path(f"/proc/{postgres.process.pid}").stat().st_uid != 0


def test_what_was_written_is_there_after_a_restart(postgres):
    ask(postgres.url(OWNER), "CREATE TABLE kept AS SELECT 1 AS id")
    postgres.stop()
    postgres.start()
    assert ask(postgres.url(OWNER), "SELECT id FROM kept") == (1,)


def test_a_server_left_behind_is_stopped_first(postgres):
    left_behind = postgres.process
    successor = Postgres(postgres.home, PASSWORDS, durable=False)
    successor.start()
    assert left_behind.wait(5) is not None
    assert ask(successor.url(OWNER), "SELECT 1") == (1,)
    postgres.process, postgres.port = successor.process, successor.port


def test_an_owner_who_may_not_create_roles_is_told_apart(postgres):
    ask(postgres.url(database="postgres"), "CREATE ROLE plain LOGIN PASSWORD 'plain'")
    url = postgres.url(OWNER).replace(OWNER, "plain").replace(PASSWORDS["owner_password"], "plain")
    assert make_roles({"url": url, "app": {"name": "other_app", "password": "x"}}) == {"ok": True, "app": False}


def test_a_database_that_is_down_is_told_in_words(closed_port):
    answer = make_roles({"url": f"postgres://a:b@127.0.0.1:{closed_port}/c"})
    assert answer["reason"] == "connect"


def test_redis_wants_its_password_and_a_stolen_port_is_left_alone(home, silent_port):
    server = Redis(home / "redis", PASSWORDS)
    server.port = silent_port
    server.start()
    try:
        assert server.port != silent_port
        assert ping_redis(server.url())
        assert not ping_redis(f"redis://:wrong@127.0.0.1:{server.port}/0")
        assert not ping_redis(f"redis://127.0.0.1:{server.port}/0")
    finally:
        server.stop()
    assert not ping_redis(server.url())


def test_the_servers_of_the_wheels_work_too(home, monkeypatch):
    monkeypatch.setattr(embedded, "_postgres_directories", lambda: iter(()))
    monkeypatch.setattr("shutil.which", lambda name: None)
    postgres, redis = (
        Postgres(home / "wheel-postgres", PASSWORDS, durable=False),
        Redis(home / "wheel-redis", PASSWORDS),
    )
    try:
        postgres.start()
        redis.start()
        assert ask(postgres.url(database="postgres"), "SHOW server_encoding") == ("UTF8",)
        assert ping_redis(redis.url())
    finally:
        postgres.stop()
        redis.stop()


def test_a_pid_that_has_passed_on_is_not_touched():
    machine.stop_pid(os.getpid(), "another process's start time", first=signal.SIGKILL)
    machine.stop_pid(os.getpid(), "", first=signal.SIGKILL)
