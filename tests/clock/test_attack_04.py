"""C04: a superuser cuts the tail and resets the head, or computes a whole chain anew. Only the anchors know."""

from pathlib import Path

import pytest

from supervision.actions.anchor_ledger import anchor_ledger
from supervision.models import Anchor
from tests.clock.attack import found, run, shown, shown_after_the_night
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
HEAD = """
    UPDATE applications_application a SET event_seq = e.seq, event_hash = e.hash, status = e.to_status,
      received_at = NULL, accepted_at = NULL, accepted_person = '', accepted_by_id = NULL,
      due_at = NULL, late_at = NULL, warn_at = NULL
    FROM applications_event e WHERE e.application_id = a.id
      AND e.seq = (SELECT max(seq) FROM applications_event b WHERE b.application_id = a.id)
"""
REHASH = """
    DO $$ DECLARE one record; BEGIN
      FOR one IN SELECT id FROM applications_event ORDER BY application_id, seq LOOP
        UPDATE applications_event e SET prev_hash = coalesce((SELECT hash FROM applications_event b
          WHERE b.application_id = e.application_id AND b.seq = e.seq - 1), '') WHERE id = one.id;
        UPDATE applications_event e SET hash = encode(sha256(convert_to(applications_event_text(e), 'UTF8')), 'hex')
          WHERE id = one.id;
      END LOOP;
    END $$;
"""


def cut_the_tail() -> None:
    """Everything since the submission never happened: events, papers, clocks, and the head of the case."""
    with unguarded("applications_application", "applications_event", "applications_document", "applications_clock",
                   "applications_clockfact"):  # fmt: skip
        run("DELETE FROM applications_clockfact")
        run("DELETE FROM applications_clock")
        run("DELETE FROM applications_document WHERE event_seq > 2")
        run("DELETE FROM applications_event WHERE seq > 2")
        run(HEAD)


def test_a_cut_tail_with_a_reset_head_is_found_by_the_anchor_and_by_nothing_else(county: County) -> None:
    county.accepted(county.matter())
    anchor_ledger()
    cut_the_tail()
    chain = {"hash", "link", "gap", "time", "head_seq", "head_hash", "head_status", "no_events"}
    assert chain.isdisjoint(found())
    assert "anchor_behind" in found(with_anchors=True)
    county.accepted(county.matter())  # life goes on, with greater numbers
    assert "anchor_removed" in found(with_anchors=True)
    assert "锚点之后记录变少了：有记录被删除。" in shown_after_the_night(county)


def test_a_chain_computed_anew_is_found_by_the_anchor_and_by_nothing_else(county: County) -> None:
    county.accepted(county.matter())
    anchor_ledger()
    with unguarded():
        run("UPDATE applications_event SET reason = '补写的理由' WHERE verb = 'accept'")
        run(REHASH)
        run("""UPDATE applications_application a SET event_hash = (SELECT hash FROM applications_event e
               WHERE e.application_id = a.id ORDER BY seq DESC LIMIT 1)""")
    assert found() == set()
    assert found(with_anchors=True) == {"anchor_changed"}
    assert "整条链被重新计算过" in shown_after_the_night(county)


def test_whoever_takes_the_anchors_away_too_is_known_by_the_printed_code(county: County, anchor_file: Path) -> None:
    county.accepted(county.matter())
    code = anchor_ledger().code
    assert code in shown(county)
    anchor_file.unlink()
    assert {"anchor_empty", "anchor_gone"} <= found(with_anchors=True)
    with unguarded("supervision_anchor"):
        run("DELETE FROM supervision_anchor")
    at("2026-03-03 10:00")
    anchor_ledger()  # a new beginning, as if there had never been another
    assert found(with_anchors=True) == set()
    assert Anchor.objects.get().code != code  # what the bulletin printed is in no file any more
