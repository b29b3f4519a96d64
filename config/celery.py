"""The Celery application: `celery -A config.celery worker|beat`."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging

from config.demo_accounts import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("halls")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_later: object) -> None:
    """Leave the logging that Django configured as it is; without a receiver Celery would replace it."""


@celeryd_init.connect
@beat_init.connect
def look_for_demo_accounts(**_later: object) -> None:
    refuse_demo_accounts()
