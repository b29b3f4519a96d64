"""Production refuses what only suits a demonstration, and says why."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured

from config.demo_accounts import refuse_demo_accounts
from config.settings import environment

ROOT = Path(__file__).resolve().parent.parent.parent


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def import_production(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Import the production settings in a process of its own; None takes a variable away."""
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONUTF8": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": f"v1:{new_key()}",
        "BLIND_INDEX_KEY": new_key(),
        "QUERY_CODE_KEY": new_key(),
        "ANCHOR_KEY": new_key(),
        "ALLOWED_HOSTS": "hall.example",
        "DATABASE_URL": "postgres://halls_app@127.0.0.1/halls",
        **changes,
    }
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.production"],
        cwd=ROOT,
        env={name: value for name, value in variables.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_secrets_of_its_own():
    done = import_production()
    assert done.returncode == 0, done.stderr


same = new_key()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY 没有设置"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY 太短或是示例值"),
        ({"SECRET_KEY": "only-for-tests-" + "abcdefghij" * 6}, "SECRET_KEY 太短或是示例值"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY 太短或是示例值"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"FIELD_KEYS": None}, "FIELD_KEYS 没有设置"),
        ({"FIELD_KEYS": "v1:c2hvcnQ="}, "32 字节"),
        ({"FIELD_KEYS": f"{new_key()}"}, "v1:密钥"),
        ({"FIELD_KEYS": f"v1:{new_key()},v1:{new_key()}"}, "版本号不得重复"),
        ({"BLIND_INDEX_KEY": base64.b64encode(b"only-for-tests-0123456789-abcdef").decode()}, "示例值"),
        ({"BLIND_INDEX_KEY": same, "QUERY_CODE_KEY": same}, "相同的密钥"),
        ({"ANCHOR_KEY": None}, "ANCHOR_KEY 没有设置"),
        ({"ANCHOR_KEY": base64.b64encode(b"only-for-tests-0123456789-abcdef").decode()}, "示例值"),
        ({"ANCHOR_KEY": same, "QUERY_CODE_KEY": same}, "相同的密钥"),
        ({"DATABASE_URL": None}, "DATABASE_URL 没有设置"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "只支持 PostgreSQL"),
    ],
)
def test_production_refuses(changes, sentence):
    done = import_production(**changes)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[-1]


def test_the_first_key_of_the_ring_comes_first():
    old, new = new_key(), new_key()
    os.environ["RING"] = f"v2:{new},v1:{old}"
    ring = environment.key_ring("RING")
    del os.environ["RING"]
    assert list(ring.items()) == [("v2", base64.b64decode(new)), ("v1", base64.b64decode(old))]


def test_a_database_address_is_unquoted():
    found = environment.database("postgres://some%40one:p%2Fw@db.example:5433/county?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("some@one", "p/w", "db.example", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.django_db
def test_a_real_county_does_not_start_on_demo_accounts(settings):
    get_user_model()._default_manager.create(username="demo", full_name="示例", person_code="D1", is_demo=True)
    refuse_demo_accounts()
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="1 个演示账号"):
        refuse_demo_accounts()


@pytest.mark.parametrize("value", ["zwfw.example.gov.cn", "ftp://x", "https://", "https://x/halls/"])
def test_the_address_of_the_site_is_an_address_without_a_path(monkeypatch, value):
    monkeypatch.setenv("SITE_ADDRESS", value)
    with pytest.raises(ImproperlyConfigured, match="SITE_ADDRESS"):
        environment.address("SITE_ADDRESS")
    monkeypatch.setenv("SITE_ADDRESS", "https://x.example:8443/")
    assert environment.address("SITE_ADDRESS") == "https://x.example:8443"
