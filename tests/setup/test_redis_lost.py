"""A Redis that refuses, or accepts and never answers, costs neither an error nor a wait."""

import time

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from config.cache import SafeRedisCache

WAIT_AT_MOST = 1.0


@pytest.fixture(params=["closed_port", "silent_port"])
def lost_redis(request) -> str:
    return f"redis://127.0.0.1:{request.getfixturevalue(request.param)}/0"


@pytest.fixture
def lost_cache(lost_redis, monkeypatch) -> SafeRedisCache:
    monkeypatch.setattr(SafeRedisCache, "rest_until", 0.0)
    seconds = settings.REDIS_TIMEOUT_SECONDS
    return SafeRedisCache(lost_redis, {"OPTIONS": {"socket_timeout": seconds, "socket_connect_timeout": seconds}})


def test_a_lost_cache_is_an_empty_cache(lost_cache):
    begun = time.monotonic()
    for _ in range(20):
        lost_cache.set("name", 1, 60)
        assert lost_cache.get("name", "nothing") == "nothing"
        assert lost_cache.get_or_set("name", lambda: "made") == "made"
        assert lost_cache.add("name", 1) is False
        assert lost_cache.get_many(["name"]) == {}
        assert lost_cache.set_many({"name": 1}) == ["name"]
        assert "name" not in lost_cache
        assert lost_cache.delete("name") is False
        lost_cache.clear()
    with pytest.raises(ValueError, match="not found"):
        lost_cache.incr("name")
    assert time.monotonic() - begun < WAIT_AT_MOST


def test_sending_a_task_gives_up_at_once(lost_redis):
    app = Celery(set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=lost_redis)
    begun = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("supervision.tasks.sweep", retry=False)
    assert time.monotonic() - begun < WAIT_AT_MOST


def test_a_living_cache_keeps_what_it_is_given():
    assert settings.REDIS_URL, "运行 python3 start.py test：测试需要 Redis"
    cache = SafeRedisCache(settings.REDIS_URL, {"KEY_PREFIX": "setup"})
    SafeRedisCache.rest_until = 0.0
    cache.set("name", {"a": 1}, 60)
    assert cache.get("name") == {"a": 1}
    assert cache.add("name", 2) is False
    cache.set("count", 1)
    assert cache.incr("count") == 2
    cache.clear()
