"""Anchors: every rewrite of what was anchored is named, and so is every rewrite of the anchors themselves."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Refused
from supervision import tasks
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.sweep import sweep
from supervision.models import Anchor, ProofRun
from supervision.selectors.anchors import COVERED, prove_anchors
from tests.supervision.county import County, at

EVENTS, PAPERS, CARDS = COVERED


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.ANCHOR_FILE = tmp_path / "elsewhere" / "anchors.jsonl"
    return Path(settings.ANCHOR_FILE)


@pytest.fixture
def anchored(county: County, file: Path) -> County:
    """Three days, three anchors: 4 events, a late case with cards, 3 more events."""
    county.accepted(county.matter(promised=1))
    anchor_ledger()
    at("2026-03-06 10:00")
    sweep()
    anchor_ledger()
    county.received(county.matter())
    anchor_ledger()
    assert faults() == []
    return county


def faults(**options: Any) -> list[tuple[int, str, str]]:
    return [(fault.serial, fault.code, fault.table) for fault in prove_anchors(**options).faults]


def behind_the_triggers(sql: str, table: str = EVENTS) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        touched = cursor.rowcount
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return int(touched)


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_row_is_covered_once_and_the_file_is_for_its_owner_alone(anchored, file):
    assert file.stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["serial"] for line in lines] == [1, 2, 3]
    for table in COVERED:
        counts = [line["tables"][table]["count"] for line in lines]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert sum(counts) == cursor.fetchone()[0]
    assert lines[1]["tables"][CARDS]["count"] > 0
    assert lines[2]["tables"][PAPERS]["count"] > 0
    assert [mark.code for mark in Anchor.objects.order_by("serial")][-1] == prove_anchors().newest


@pytest.mark.django_db
def test_the_command_prints_a_code_that_can_be_asked_for_later(anchored, file, capsys):
    call_command("anchor_ledger")
    code = Anchor.objects.latest("serial").code
    assert code in capsys.readouterr().out
    call_command("verify_ledger", "--anchors", "--printed", code.lower())
    assert "锚点 4 个" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--printed", "0000-0000-0000")
    assert "公报" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_day_on_which_nothing_happened_is_anchored_too(anchored):
    assert anchor_ledger().events == 0
    assert faults() == []


# --- the database was rewritten -------------------------------------------------------------------------------------

FIRST = f"(SELECT min(id) FROM {EVENTS})"
SECOND = f"(SELECT id FROM {EVENTS} ORDER BY id OFFSET 1 LIMIT 1)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "sql", "expected"),
    [
        (EVENTS, f"UPDATE {EVENTS} SET hash = repeat('0', 64) WHERE id = {FIRST}", (1, "changed")),
        (EVENTS, f"DELETE FROM {EVENTS} WHERE id = {SECOND}", (1, "removed")),
        (EVENTS, f"UPDATE {EVENTS} SET id = -5 WHERE id = {FIRST}", (1, "changed")),
        (PAPERS, f"UPDATE {PAPERS} SET issued_at = issued_at - interval '1 day'", (1, "changed")),
        (PAPERS, f"UPDATE {PAPERS} SET content = content || '{{\"x\": 1}}'", (1, "changed")),
        (CARDS, f"DELETE FROM {CARDS} WHERE level = 'red' OR level = 'yellow'", (2, "removed")),
        (CARDS, f"UPDATE {CARDS} SET seat_path = 'x' WHERE level = 'yellow'", (2, "changed")),
        (CARDS, f"UPDATE {CARDS} SET effective_at = effective_at + interval '1 second'", (2, "changed")),
    ],
)
def test_a_rewritten_row_is_found_with_its_day(anchored, table, sql, expected):
    with connection.cursor() as cursor:  # something newer than all that is touched
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    at("2026-03-12 10:00")
    sweep()
    assert behind_the_triggers(sql, table) > 0
    assert (*expected, table) in faults()


@pytest.mark.django_db
def test_a_row_slipped_into_the_past_is_found(anchored):
    columns = "seq, verb, from_status, to_status, at, user_id, person_code, actor_name, actor_post, place, reason, "
    columns += "detail, prev_hash, hash, application_id"
    shown = columns.replace("seq,", "seq + 100,", 1)
    inserted = behind_the_triggers(f"INSERT INTO {EVENTS} (id, {columns}) SELECT 0, {shown} FROM {EVENTS} LIMIT 1")
    assert inserted == 1
    assert faults() == [(1, "added", EVENTS)]


@pytest.mark.django_db
def test_a_whole_chain_that_was_computed_anew_is_found_though_the_chain_itself_is_sound(anchored, capsys):
    behind_the_triggers(
        f"""
        UPDATE {EVENTS} SET at = at - interval '1 day';
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT id FROM {EVENTS} ORDER BY application_id, seq LOOP
            UPDATE {EVENTS} e SET prev_hash = coalesce((SELECT hash FROM {EVENTS} b
              WHERE b.application_id = e.application_id AND b.seq = e.seq - 1), '') WHERE id = one.id;
            UPDATE {EVENTS} e SET hash = encode(sha256(convert_to(applications_event_text(e), 'UTF8')), 'hex')
              WHERE id = one.id;
          END LOOP;
        END $$;
        """
    )
    assert {(1, "changed", EVENTS), (3, "changed", EVENTS)} <= set(faults())


# --- the file was rewritten -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[1:], {(2, "chain"), (1, "gone")}),
        (lambda lines: [lines[0], lines[2]], {(3, "chain"), (2, "gone")}),
        (lambda lines: lines[:-1], {(3, "gone")}),
        (lambda lines: [], {(0, "empty"), (1, "gone"), (2, "gone"), (3, "gone")}),
        (lambda lines: [lines[1], lines[0], lines[2]], {(2, "chain"), (1, "chain"), (3, "chain")}),
        (lambda lines: [lines[0][:40], *lines[1:]], {(1, "form"), (2, "chain"), (1, "gone")}),
        (lambda lines: [lines[0].replace('"count":4', '"count":3'), *lines[1:]],
         {(1, "code"), (2, "chain"), (1, "gone")}),
        (lambda lines: [lines[0].replace("2026-03-02", "2026-03-01"), *lines[1:]],
         {(1, "code"), (2, "chain"), (1, "gone")}),
    ],
)  # fmt: skip
def test_a_rewritten_file_is_found(anchored, file, change, expected):
    lines = file.read_text().splitlines()
    changed = change(lines)
    assert changed != lines
    file.write_text("".join(f"{line}\n" for line in changed))
    assert {(serial, code) for serial, code, _table in faults()} == expected


@pytest.mark.django_db
def test_another_key_makes_no_line_that_counts(anchored, settings):
    settings.ANCHOR_KEY = b"k" * 32
    assert [code for _serial, code, _table in faults()] == ["code"] * 3
    with pytest.raises(Refused, match="anchor_broken"):
        anchor_ledger()


@pytest.mark.django_db
def test_a_lost_file_is_not_silently_begun_again(anchored, file):
    file.unlink()
    with pytest.raises(Refused, match="anchor_gone"):
        anchor_ledger()
    assert anchor_ledger(anew=True).serial == 4
    assert {code for _serial, code, _table in faults()} == {"gone"}


@pytest.mark.django_db
def test_a_torn_last_line_stays_visible(anchored, file):
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(Refused, match="anchor_broken"):
        anchor_ledger()
    anchor_ledger(anew=True)
    assert {(3, "form"), (3, "gone")} == {(serial, code) for serial, code, _table in faults()}


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_said(county, settings, tmp_path, capsys):
    (tmp_path / "blocked").write_text("")
    settings.ANCHOR_FILE = tmp_path / "blocked" / "anchors.jsonl"
    with pytest.raises(SystemExit):
        call_command("anchor_ledger")
    assert "写不进去" in capsys.readouterr().err


# --- an older database, and acts that are on their way --------------------------------------------------------------


@pytest.mark.django_db
def test_a_database_older_than_its_anchors_is_found_and_not_anchored_on(anchored):
    newest = f"(SELECT max(id) FROM {EVENTS})"
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM applications_event")
        (last,) = cursor.fetchone()
    behind_the_triggers(f"DELETE FROM {EVENTS} WHERE id = {newest}")
    assert faults() == [(3, "behind", EVENTS)]
    behind_the_triggers(f"SELECT setval(pg_get_serial_sequence('{EVENTS}', 'id'), {last - 1})")
    with pytest.raises(Refused, match="behind"):
        anchor_ledger()


@pytest.mark.django_db
def test_a_number_that_no_sequence_gave_out_does_not_move_the_cut(anchored):
    columns = "application_id, kind, event_seq, content, issued_at, number"
    shown = columns.replace("event_seq", "event_seq + 100").replace(", number", ", number || '-2'")
    behind_the_triggers(f"INSERT INTO {PAPERS} (id, {columns}) SELECT 900000000, {shown} FROM {PAPERS} LIMIT 1", PAPERS)
    assert anchor_ledger().events == 0
    assert faults() == [(0, "beyond", PAPERS)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_an_act_on_its_way_is_never_left_behind_the_cut(county: County, file: Path) -> None:
    """A writer takes its number, waits, and commits after the anchor was asked for."""
    case = county.accepted(county.matter())
    began, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                f"INSERT INTO {EVENTS} (application_id, seq, verb, from_status, to_status, at, user_id, person_code, "
                "actor_name, actor_post, place, reason, detail, prev_hash, hash) SELECT application_id, 0, "
                "'recalculate', 'in_progress', 'in_progress', now(), user_id, person_code, actor_name, actor_post, "
                f"place, reason, '{{}}', '', '' FROM {EVENTS} WHERE application_id = %s LIMIT 1",
                [case.pk],
            )
            began.set()
            go_on.wait(10)
            cursor.execute("COMMIT")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert began.wait(10)
    threading.Timer(0.8, go_on.set).start()
    mark = anchor_ledger()
    writer.join()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {EVENTS}")
        assert mark.events == cursor.fetchone()[0]
    assert faults() == []


# --- the command and its words --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_names_the_day_and_the_table(anchored):
    behind_the_triggers(f"UPDATE {PAPERS} SET content = '{{}}'", PAPERS)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", "--anchors", "--json", stdout=out)
    assert ended.value.code == 1
    told = json.loads(out.getvalue())
    assert told["faults_found"] == len(told["faults"])
    assert {fault["fault"] for fault in told["faults"]} == {"anchor_changed"}
    assert {fault["table"] for fault in told["faults"]} == {PAPERS}


# --- what the people see ---------------------------------------------------------------------------------------------


def page(county: County) -> str:
    client = Client()
    client.force_login(county.people["supervisor"])
    return " ".join(client.get(reverse("supervision_runs")).content.decode().split())


@pytest.mark.django_db
def test_the_code_stands_on_the_page_of_runs_and_a_clean_night_has_no_banner(anchored):
    sweep()
    tasks.anchor_ledger()
    tasks.verify_ledger()
    text = page(anchored)
    assert f"<b>{Anchor.objects.latest('serial').code}</b>" in text
    assert "超过 26 小时没有" not in text
    assert "处不符" not in text


@pytest.mark.django_db
def test_a_night_without_anchor_or_verification_is_told(anchored):
    assert "超过 26 小时没有办件记录核验：" in page(anchored)
    tasks.verify_ledger()
    at("2026-03-07 11:59")
    assert "超过 26 小时没有" not in page(anchored)
    at("2026-03-07 12:01")
    assert "超过 26 小时没有锚点和办件记录核验：" in page(anchored)
    assert "夜间核对还没有做过一次" in page(anchored)
    tasks.catch_up()
    assert "超过 26 小时没有" not in page(anchored)
    assert "夜间核对还没有做过一次" not in page(anchored)
    kinds = ["ledger", "ledger", "lights"]
    for _again in range(2):
        assert Anchor.objects.count() == 4
        assert sorted(ProofRun.objects.values_list("kind", flat=True)) == kinds
        tasks.catch_up()


@pytest.mark.django_db
def test_the_verdict_of_a_bad_night_is_shown_and_cannot_be_taken_back(anchored):
    behind_the_triggers(f"UPDATE {PAPERS} SET content = '{{}}'", PAPERS)
    tasks.verify_ledger()
    text = page(anchored)
    assert "夜间核验发现办件记录有 2 处不符" in text
    assert "锚点之后内容变了" in text
    for statement in ("DELETE FROM supervision_proofrun", "UPDATE supervision_anchor SET digest = ''"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db
def test_a_first_day_is_anchored_and_verified_by_catching_up(county, file):
    tasks.catch_up()
    assert Anchor.objects.get().serial == 1
    assert {one.kind: one.differences for one in ProofRun.objects.all()} == {"ledger": 0, "lights": 0}


@pytest.mark.django_db
def test_a_refused_anchor_does_not_stop_the_verdict(anchored, file):
    file.unlink()
    at("2026-03-09 10:00")
    with pytest.raises(Refused, match="anchor_gone"):
        tasks.catch_up()
    assert ProofRun.objects.get(kind="ledger").differences == 4
