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
        return self._ask(super().get, default, key, default=default, version=version)

    def set(self, key: Any, value: Any, **options: Any) -> None:  # type: ignore[override]
        self._ask(super().set, None, key, value, **options)

    def add(self, key: Any, value: Any, **options: Any) -> bool:  # type: ignore[override]
        return bool(self._ask(super().add, False, key, value, **options))

    def touch(self, key: Any, **options: Any) -> bool:  # type: ignore[override]
        return bool(self._ask(super().touch, False, key, **options))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(super().delete, False, key, version=version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return dict(self._ask(super().get_many, {}, list(keys), version=version))

    def set_many(self, data: Mapping[Any, Any], **options: Any) -> list[Any]:  # type: ignore[override]
        return list(self._ask(super().set_many, list(data), data, **options))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        self._ask(super().delete_many, None, list(keys), version=version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(super().has_key, False, key, version=version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        count = self._ask(super().incr, None, key, delta=delta, version=version)
        if count is None:
            raise ValueError(f"Key '{key}' not found")  # as the contract of incr wants for a key that is gone
        return int(count)

    def clear(self) -> bool:
        return bool(self._ask(super().clear, False))

    @classmethod
    def _ask(cls, operation: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < cls.rest_until:
            return otherwise
        try:
            return operation(*args, **kwargs)
        except (RedisError, OSError) as error:
            cls.rest_until = time.monotonic() + REST_SECONDS
            logger.warning("cache_unavailable error=%s", type(error).__name__)
            return otherwise
