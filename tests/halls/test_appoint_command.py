"""`manage.py appoint`: how a county without a demonstration gets its first people."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from halls.acting import acting_user
from halls.actions.appoint import Person, PostOrder, appoint
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import NotPermitted
from halls.models import Hall, Post, User
from tests.factories.halls import DepartmentFactory, HallFactory

pytestmark = pytest.mark.django_db
PASSWORD = "three-quiet-rivers"


@pytest.fixture
def county() -> Hall:
    return HallFactory.create()


@pytest.fixture
def run(monkeypatch, county):
    """Run `appoint` for the county's first administrator, with changes; return the exit code and the answer."""

    def run_it(*changes: str, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(sys, "stdin", StringIO(f"{password}\n"))
        first = (
            "--username=guanli", "--name=向明", "--person-code=G-001", "--post=administrator", f"--node={county.code}",
            "--password-stdin",
        )  # fmt: skip
        out = StringIO()
        try:
            call_command("appoint", *first, *changes, "--json", stdout=out)
        except SystemExit as stop:
            return int(stop.code or 0), json.loads(out.getvalue())
        return 0, json.loads(out.getvalue())

    return run_it


def test_the_first_administrator_comes_in_and_appoints_the_others(run, county):
    code, answer = run()
    assert (code, answer["account"], answer["post"], answer["title"]) == (0, "added", "added", "系统管理员")
    user = User.objects.get(username="guanli")
    assert user.check_password(PASSWORD)
    assert not user.is_demo
    administrator = acting_user(user)
    assert set(administrator.nodes) == {Duty.ADMINISTER}
    order = PostOrder(PostKind.EXAMINER, "审查员", timezone.localdate(), hall=county)
    assert acting_user(appoint(Person("shen", "审查", "G-002", (order,)), actor=administrator)).has(Duty.EXAMINE)
    elsewhere = PostOrder(PostKind.EXAMINER, "审查员", timezone.localdate(), hall=HallFactory.create())
    with pytest.raises(NotPermitted):
        appoint(Person("shen2", "审查", "G-003", (elsewhere,)), actor=administrator)


def test_a_second_run_changes_nothing_not_even_the_password(run):
    run()
    code, answer = run(password="another-password-1")
    assert (code, answer["account"], answer["post"]) == (0, "unchanged", "unchanged")
    assert User.objects.get(username="guanli").check_password(PASSWORD)
    assert Post.objects.count() == 1


def test_a_run_on_a_later_day_finds_the_post_of_the_first(run):
    run(f"--from={timezone.localdate() - timedelta(days=3)}")
    assert run()[1]["post"] == "unchanged"


def test_a_second_post_is_added_to_the_account(run, county):
    bureau = DepartmentFactory.create(hall=county)
    run()
    code, answer = run("--post=supervisor", f"--node={bureau.code}", "--title=监察专员", "--to=2099-12-31")
    assert (code, answer["account"], answer["post"], answer["node"]) == (0, "unchanged", "added", bureau.code)
    assert (answer["title"], answer["ends_on"]) == ("监察专员", "2099-12-31")
    assert acting_user(User.objects.get(username="guanli")).holds(Duty.SUPERVISE, bureau.path)


def test_a_b_post_names_whom_it_stands_in_for(run):
    run()
    code, answer = run("--username=fu", "--name=向亮", "--person-code=G-009", "--backs-up=guanli")
    assert (code, answer["backs_up"]) == (0, "guanli")
    code, answer = run("--username=fu2", "--name=向亮", "--person-code=G-010", "--backs-up=nobody")
    assert (code, answer["errors"][0]["field"]) == (1, "backs_up")
    assert not User.objects.filter(username="fu2").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (("--username=",), "username"),
        (("--name= ",), "full_name"),
        (("--person-code=",), "person_code"),
        (("--username=system",), "username"),
        (("--post=",), "post"),
        (("--post=mayor",), "post"),
        (("--post=system",), "post"),
        (("--node=",), "node"),
        (("--node=999999",), "node"),
        (("--from=tomorrow",), "from"),
        (("--from=2026-03-02", "--to=2026-03-01"), "posts"),
    ],
)
def test_what_was_typed_wrong_is_named_with_a_cure(run, changes, field):
    code, answer = run(*changes)
    assert (code, [error["field"] for error in answer["errors"]]) == (1, [field])
    assert all(error["message"].endswith("。") and error["cure"] for error in answer["errors"])
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", "short", "password12", "1234567890123"])
def test_without_a_good_password_nobody_comes_in(run, password):
    code, answer = run(password=password)
    assert (code, {error["field"] for error in answer["errors"]}) == (1, {"password"})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "changes", [("--name=别人",), ("--person-code=G-777",), ("--title=主任",), ("--to=2099-01-01",)]
)
def test_what_contradicts_the_account_or_the_post_is_refused(run, changes):
    run()
    code, answer = run(*changes)
    assert code == 1
    assert answer["errors"][0]["code"] in {"username_taken", "post_held"}
    assert Post.objects.count() == 1


def test_an_account_that_was_switched_off_gets_no_post(run):
    run()
    User.objects.update(is_active=False)
    assert run("--post=supervisor")[1]["errors"][0]["code"] == "account_off"


def test_people_read_one_sentence(monkeypatch, county, capsys):
    monkeypatch.setattr(sys, "stdin", StringIO(PASSWORD))
    words = ("--username=g", "--name=向明", "--person-code=G-001", f"--node={county.code}")
    call_command("appoint", *words, "--post=administrator")
    assert capsys.readouterr().out.startswith("已任命向明（g）为")
    call_command("appoint", *words, "--post=administrator")
    assert "没有改动" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("appoint", *words, "--post=mayor")
    assert "没有岗位「mayor」。请用：" in capsys.readouterr().err
