"""A county's own servers; refuses to start with anything that only suits a demonstration."""

from django.core.exceptions import ImproperlyConfigured

from config.settings import environment
from config.settings.base import *
from config.settings.base import ALLOWED_HOSTS, ANCHOR_KEY, BLIND_INDEX_KEY, FIELD_KEYS, QUERY_CODE_KEY, SECRET_KEY

SHORTEST_SECRET = 50


def _refuse(sentence: str) -> None:
    raise ImproperlyConfigured(f"生产环境拒绝启动：{sentence}")


if environment.text("DEBUG", "").lower() not in {"", "0", "false", "no"}:
    _refuse("不得打开 DEBUG，请从环境变量中删除。")
if (
    len(SECRET_KEY) < SHORTEST_SECRET
    or len(set(SECRET_KEY)) < 10
    or SECRET_KEY.startswith(("only-for-", "django-insecure"))
):
    _refuse(f"SECRET_KEY 太短或是示例值，请换成至少 {SHORTEST_SECRET} 个随机字符。")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    _refuse("ALLOWED_HOSTS 没有设置或为 *，请写明本系统的域名。")
_keys = (*FIELD_KEYS.values(), BLIND_INDEX_KEY, QUERY_CODE_KEY, ANCHOR_KEY)
for _key in _keys:
    if _key.startswith(b"only-for-") or len(set(_key)) < 10:
        _refuse("FIELD_KEYS、BLIND_INDEX_KEY、QUERY_CODE_KEY 或 ANCHOR_KEY 是示例值，请换成随机密钥。")
if len(set(_keys)) < len(_keys):
    _refuse("FIELD_KEYS、BLIND_INDEX_KEY、QUERY_CODE_KEY、ANCHOR_KEY 中有相同的密钥，每把密钥只能有一种用途。")

# config.wsgi and config.celery also refuse a database with demo accounts.

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
