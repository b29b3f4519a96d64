"""The Celery application with a beat that does not wait for minutes: `celery -A torture.fast_celery worker|beat`."""

import django

from config.celery import app
from torture.sabotage import plant_from_environment

SECONDS = 0.7  # beside the sweepers; a tick that nobody took is worthless once the next one is due

app.conf.beat_schedule = {
    name: {**entry, "schedule": SECONDS, "options": {"expires": 3}}
    for name, entry in app.conf.beat_schedule.items()
    if isinstance(entry["schedule"], float)
}
django.setup()
plant_from_environment()
