"""Keep demo accounts, whose passwords are printed on a screen, out of a real county."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured


def refuse_demo_accounts() -> None:
    """Raise ImproperlyConfigured if this is not a demonstration but its database holds demo accounts."""
    if settings.DEMO:
        return
    count = get_user_model()._default_manager.filter(is_demo=True).count()
    if count:
        raise ImproperlyConfigured(
            f"生产环境拒绝启动：数据库中有 {count} 个演示账号。请换用干净的数据库，不要在演示数据上开展业务。"
        )
