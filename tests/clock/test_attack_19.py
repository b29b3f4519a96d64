"""C19: back doors of the framework: history dates, the admin, loaddata, the shell."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.urls import get_resolver
from simple_history.models import HistoricalChanges

from applications.models import Application, Clock, ClockFact, Document, Event
from supervision.models import LimitWarning
from tests.clock.attack import as_application, found
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
LEDGER = (Application, Event, Document, Clock, ClockFact, LimitWarning)


def test_the_ledger_has_no_history_whose_date_could_be_set() -> None:
    tracked = {getattr(m, "instance_type", None) for m in apps.get_models() if issubclass(m, HistoricalChanges)}
    assert tracked
    assert not tracked & set(LEDGER)


def test_there_is_no_admin() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert "admin" not in {str(one.pattern).strip("/^") for one in get_resolver().url_patterns}


def test_an_event_from_a_fixture_gets_the_databases_time_and_number(county: County, tmp_path: Path) -> None:
    case = county.accepted(county.matter())
    now = at("2026-03-05 10:00")
    event = Event.objects.filter(application=case).latest("seq")
    fields = {
        "application": case.pk, "seq": 1, "verb": "recalculate", "from_status": "in_progress",
        "to_status": "in_progress", "at": "2020-01-01T00:00:00Z", "user": event.user_id,
        "person_code": event.person_code, "actor_name": event.actor_name,
        "actor_post": "", "place": "", "reason": "", "detail": {},
        "prev_hash": "", "hash": "0" * 64,
    }  # fmt: skip
    file = tmp_path / "forged.json"
    file.write_text(json.dumps([{"model": "applications.event", "pk": None, "fields": fields}]))
    with as_application(), pytest.raises(ProgrammingError), transaction.atomic():
        call_command("loaddata", str(file), verbosity=0)  # it wants to set the sequence, too
    assert Event.objects.filter(application=case).latest("seq").pk == event.pk
    call_command("loaddata", str(file), verbosity=0)  # the owner may
    loaded = Event.objects.filter(application=case).latest("seq")
    assert (loaded.at, loaded.seq, loaded.prev_hash) == (now, case.event_seq + 1, case.event_hash)
    assert {"head_seq"} <= found()  # the case knows nothing of it


def test_an_event_of_the_shell_too(county: County) -> None:
    case = county.accepted(county.matter())
    now = at("2026-03-05 10:00")
    event = Event.objects.filter(application=case).latest("seq")
    event.pk, event.at = None, at("2020-01-01 00:00")
    event.verb, event.from_status, event.detail = "recalculate", event.to_status, {}
    at("2026-03-05 10:00")
    with as_application():
        event.save(force_insert=True)
    assert Event.objects.filter(application=case).latest("seq").at == now
