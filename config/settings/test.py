"""For the tests: a throw-away database, a cheap password hash, no Redis unless a test asks for one."""

import base64
import os

_test_key = base64.b64encode(b"only-for-tests-0123456789-abcdef").decode()
for _name, _value in {
    "SECRET_KEY": "only-for-tests",
    "FIELD_KEYS": f"v1:{_test_key}",
    "BLIND_INDEX_KEY": _test_key,
    "QUERY_CODE_KEY": _test_key,
    "ANCHOR_KEY": _test_key,
    "DATABASE_URL": "postgres://halls_owner@127.0.0.1:5432/halls",
}.items():
    os.environ.setdefault(_name, _value)

from config.settings.base import *  # noqa: E402  (base reads the environment at once)

DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "TEST": {"NAME": f"test_halls_{os.getpid()}"},  # two runs on one server do not meet
}
MESSAGE_CHANNELS = ["supervision.channels.LocalEnterprise", "supervision.channels.LocalSms"]  # to files
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False  # a test of the lock turns it on
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "WARNING"
