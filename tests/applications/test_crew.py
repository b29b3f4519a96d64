"""The demonstration county made by two processes at once, on real commits."""

from __future__ import annotations

import multiprocessing

import pytest

from applications.models import Application, Event
from applications.rehearsal import crew
from applications.rehearsal.crew import RehearsalFailed, make_cases
from applications.rehearsal.run import Rehearsal
from applications.selectors.ledger import prove_ledger

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("seeded"),
    pytest.mark.concurrency,
]


@pytest.fixture(autouse=True)
def _few_suffice(monkeypatch):
    monkeypatch.setattr(crew, "WORTH_A_SECOND_PROCESS", 2)


def test_two_processes_share_the_cases(seeded):
    told = []
    county = seeded.hall()
    assert make_cases(county, 16, processes=2, report=lambda made, of: told.append((made, of))) == 16
    assert Application.objects.count() == 16
    assert told[-1] == (16, 16)
    assert prove_ledger().found == 0
    days = [at.date() for at in Event.objects.order_by("pk").values_list("at", flat=True)]
    assert days == sorted(days)  # day by day, whichever process did it
    assert not multiprocessing.active_children()
    assert make_cases(county, 16, processes=2, report=lambda *_: None) == 0


def test_a_failure_in_a_process_is_told_and_ends_the_others(seeded, monkeypatch):
    def fail(self, until):
        raise LookupError("nobody may dance")

    monkeypatch.setattr(Rehearsal, "live", fail)
    with pytest.raises(RehearsalFailed, match="nobody may dance"):
        make_cases(seeded.hall(), 4, processes=2, report=lambda *_: None)
    assert not multiprocessing.active_children()
