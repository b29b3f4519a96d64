"""What start.py does to a database before the site opens."""

import pytest
from django.core.management import CommandError

from config import prepare
from config.machine import NEW_KEYS, load_secrets


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_keys_are_made_once_and_marked_until_they_met_their_database(data):
    first = load_secrets(data)
    assert load_secrets(data) == first
    assert (data / NEW_KEYS).exists()
    assert (data / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_new_keys_are_accepted_by_a_database_without_people(data):
    load_secrets(data)
    prepare._match_keys()
    assert not (data / NEW_KEYS).exists()


def test_new_keys_are_refused_by_a_database_with_people(data, monkeypatch):
    load_secrets(data)
    monkeypatch.setattr("applications.models.Applicant.objects.exists", lambda: True)
    with pytest.raises(CommandError, match="没有它的密钥"):
        prepare._match_keys()
    assert (data / NEW_KEYS).exists()


@pytest.mark.django_db
def test_a_county_with_people_who_work_gets_no_demo(data, django_user_model):
    django_user_model.objects.create(
        username="real", full_name="真人", person_code="R1", last_login="2026-11-01T00:00Z"
    )
    with pytest.raises(CommandError, match="真实用户"):
        prepare._make_demo(3, data / "accounts.json")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "wanted", "asked"),
    [(None, None, 300), (None, 3, 3), (3, None, None), (3, 3, None), (3, 5, 5), (5, 3, None)],
)
def test_cases_are_added_only_when_there_are_too_few(data, django_user_model, monkeypatch, made, wanted, asked):
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda *words: calls.append(words))
    django_user_model.objects.create(username="demo", full_name="示例", person_code="D1", is_demo=True)
    (data / "accounts.json").write_text("[]")
    if made is not None:
        (data / "demo-cases").write_text(str(made))
    prepare._make_demo(wanted, data / "accounts.json")
    assert [words[2] for words in calls if words[0] == "make_demo"] == ([] if asked is None else [str(asked)])
    assert (data / "demo-cases").read_text() == str(asked or made)
