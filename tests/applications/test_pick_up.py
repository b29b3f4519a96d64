"""A rehearsal that was interrupted is taken up where it stopped."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from applications.domain.lifecycle import OPEN
from applications.models import Application, Event
from applications.rehearsal import crew
from applications.rehearsal.crew import make_cases
from applications.rehearsal.run import sweep
from applications.selectors.ledger import prove_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]


class Interruption(Exception):  # noqa: N818
    pass


def test_what_was_left_open_goes_on(seeded, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    county, stops_on = seeded.hall(), timezone.localdate() - timedelta(days=60)

    def stop(moment: datetime) -> None:
        if timezone.localdate(moment) >= stops_on:
            raise Interruption
        sweep(moment)

    monkeypatch.setattr(crew, "scenes", lambda *_args, **_more: [])
    monkeypatch.setattr(crew, "sweep", stop)
    with pytest.raises(Interruption):
        make_cases(county, 40, processes=1, report=lambda *_: None)
    left = list(Application.objects.filter(status__in=sorted(OPEN)).values_list("pk", flat=True))
    begun, last_day = Application.objects.count(), timezone.localdate(Event.objects.latest("at").at)
    assert left
    assert begun < 40
    assert list(Path(tmp_path).iterdir())

    monkeypatch.setattr(crew, "sweep", sweep)
    assert make_cases(county, 40, processes=1, report=lambda *_: None) == 40 - begun
    assert Application.objects.count() == 40
    assert not Application.objects.filter(pk__in=left, moved_at__date__lt=last_day).exists()
    assert prove_ledger().found == 0
    assert not list(Path(tmp_path).iterdir())
