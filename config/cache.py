"""Django's Redis cache, except that a dead or silent Redis is an empty cache instead of an error or a wait."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0


class SafeRedisCache(RedisCache):
    """After a failure this process leaves Redis alone for five seconds, so few requests ever wait for it."""

    rest_until = 0.0  # on the class: all threads of a process talk to the same server

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, key, default, version, otherwise=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask(super().set, *args, otherwise=None, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask(super().add, *args, otherwise=False, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask(super().touch, *args, otherwise=False, **kwargs))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(super().delete, key, version, otherwise=False))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return dict(self._ask(super().get_many, list(keys), version, otherwise={}))

    def set_many(self, data: Mapping[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._ask(super().set_many, data, *args, otherwise=list(data), **kwargs))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        self._ask(super().delete_many, list(keys), version, otherwise=None)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(super().has_key, key, version, otherwise=False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        count = self._ask(super().incr, key, delta, version, otherwise=None)
        if count is None:
            raise ValueError(f"Key '{key}' not found")  # as the contract of incr wants for a key that is gone
        return int(count)

    def clear(self) -> None:
        self._ask(super().clear, otherwise=None)

    @classmethod
    def _ask(cls, operation: Callable[..., Any], *args: Any, otherwise: Any, **kwargs: Any) -> Any:
        if time.monotonic() < cls.rest_until:
            return otherwise
        try:
            return operation(*args, **kwargs)
        except (RedisError, OSError) as error:
            cls.rest_until = time.monotonic() + REST_SECONDS
            logger.warning("cache_unavailable error=%s", type(error).__name__)
            return otherwise
