"""告警: the county's supervisors and administrators are told of a fault of the machine, once a day while it lasts."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction

from halls.constraints import violates
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._post import Letter, post
from supervision.models import Message
from supervision.selectors import read_watch
from supervision.selectors.faults import Fault, answerable, faults_of

logger = logging.getLogger(__name__)


def raise_alarm() -> list[Fault]:
    """Tell of every fault there is now whoever was not told of it today; return the faults.

    Beat calls this each minute, and whoever asks /healthz: a watch that is dead cannot tell of itself. Two at once tell
    once: the second loses its own transaction.
    """
    watch = read_watch()
    faults = faults_of(watch)
    if faults:
        day = day_of(watch.heartbeat.at)
        letters = [
            Letter(user.pk, f"fault:{fault.key}:{day}", Message.Kind.NOTICE, fault.words)
            for user in answerable(watch)
            for fault in faults
        ]
        try:
            with transaction.atomic():
                told = post(letters, read_moment()) if letters else 0
        except IntegrityError as fault:
            if not violates(fault, "message_once"):
                raise
            told = 0
        if told:
            logger.error("alarm_raised faults=%s told=%d", ",".join(fault.key for fault in faults), told)
    return faults
