"""What Celery beat asks of the watch. Every task may run twice, late, or not at all: the next one finds the work."""

from __future__ import annotations

from celery import shared_task

from supervision.actions import anchor_ledger as anchoring
from supervision.actions import catch_up as catching_up
from supervision.actions import sweep as sweeping
from supervision.actions import verify_ledger as verifying
from supervision.actions.deliver import deliver as deliver_texts
from supervision.actions.draft_due import draft_what_is_due
from supervision.actions.draw_callbacks import draw_callbacks as draw_sample
from supervision.actions.open_accounts import open_accounts as open_missing
from supervision.actions.prove_lights import prove_lights
from supervision.actions.raise_alarm import raise_alarm
from supervision.actions.rehearse_whole import rehearse_waiting
from supervision.actions.reseat_voices import reseat_voices as hand_voices_on
from supervision.actions.tell import tell as tell_rungs
from supervision.actions.verify_cards import verify_cards as verify_issued


@shared_task(name="supervision.tasks.sweep")
def sweep() -> None:
    """Claim what is due until nothing is."""
    sweeping.sweep_unless_running()


@shared_task(name="supervision.tasks.tell")
def tell() -> None:
    """Tell what was claimed and not told, should a sweep have died in between."""
    tell_rungs()


@shared_task(name="supervision.tasks.deliver")
def deliver() -> None:
    """Carry texts to the gateways; apart from the sweep, which must not wait for one."""
    deliver_texts()


@shared_task(name="supervision.tasks.alarm")
def alarm() -> None:
    """Tell the county of faults of the machine; apart from the sweep, whose death is one of them."""
    raise_alarm()


@shared_task(name="supervision.tasks.rehearse")
def rehearse() -> None:
    """Count what the calendars that wait for their second signature would do to the whole county."""
    rehearse_waiting()


@shared_task(name="supervision.tasks.prove")
def prove() -> None:
    """Prove the dates and lights of the night; differences are logged, kept and shown to supervisors."""
    prove_lights()


@shared_task(name="supervision.tasks.verify_cards")
def verify_cards() -> None:
    """Propose to revoke the cards that facts and calendar bear out no more."""
    verify_issued()


@shared_task(name="supervision.tasks.open_accounts")
def open_accounts() -> None:
    """Open a record of accountability for every red card that stands, and every unrectified order, that has none."""
    open_missing()


@shared_task(name="supervision.tasks.reseat_voices")
def reseat_voices() -> None:
    """Hand every complaint that nobody is left to handle to the next in line."""
    hand_voices_on()


@shared_task(name="supervision.tasks.verify_ledger")
def verify_ledger() -> None:
    """Prove the chains of events, what is derived from them, and the anchors; the verdict is kept and shown."""
    verifying.verify_and_keep()


@shared_task(name="supervision.tasks.anchor_ledger")
def anchor_ledger() -> None:
    """Seal what the ledger says today outside the database; a refusal is an error of the task."""
    anchoring.anchor_ledger()


@shared_task(name="supervision.tasks.catch_up")
def catch_up() -> None:
    """Do what the tasks of the last night left undone, if they did."""
    done = catching_up.catch_up()
    if done.refusal is not None:
        raise done.refusal


@shared_task(name="supervision.tasks.draft_bulletins")
def draft_bulletins() -> None:
    """Draft every week's statistics and every month's bulletin that has no standing paper."""
    draft_what_is_due()


@shared_task(name="supervision.tasks.draw_callbacks")
def draw_callbacks() -> None:
    """Draw the cases that are to be called back: last week's, and those of weeks in which no worker ran."""
    draw_sample()
