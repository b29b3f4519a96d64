"""What must hold when everything is healed and drained. Every question is one statement that returns the guilty rows.

It leans on nothing that the sweep says: the thresholds were noted before anything ran, what must have been recorded
is told by the events (torture/expectation.py), and a trigger of the torture saw every row come in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from applications.selectors.ledger import prove_ledger
from supervision.actions.prove_lights import prove_lights
from supervision.selectors.watch import heartbeat
from torture.expectation import note_what_events_ask
from torture.notebook import Act, note_acts

SHOWN: Final = 5
# A card that a person took back or never let out makes room for one more; nothing else does.
STANDING: Final = """
NOT EXISTS (SELECT FROM supervision_cardreview v WHERE v.card_id = w.id AND v.act IN ('revoke', 'cancel'))
"""
QUESTIONS: Final = {
    # noted before the torture, and nobody moved the clock before the moment came
    "lost": """
        SELECT p.clock_id, p.level, p.at FROM torture_planned p
        LEFT JOIN supervision_limitwarning w
          ON (w.clock_id, w.level, w.arming, w.effective_at) = (p.clock_id, p.level, p.arming, p.at)
        WHERE w.id IS NULL AND NOT EXISTS (
          SELECT FROM applications_clockfact f WHERE f.clock_id = p.clock_id AND f.at >= %(start)s AND f.at <= p.at)
    """,
    # as the events tell, of whatever people and the watch moved meanwhile too
    "missing": """
        SELECT e.clock_id, e.level, e.at FROM torture_expected e
        LEFT JOIN supervision_limitwarning w
          ON (w.clock_id, w.level, w.arming, w.effective_at) = (e.clock_id, e.level, e.arming, e.at)
        WHERE w.id IS NULL
    """,
    # one of a level for every clock that an event started, whatever arming the card bears; a warning once more for
    # every extension and pause
    "doubled": f"""
        WITH started AS (
          SELECT e.application_id, s->>'kind' AS kind, l.level, count(*) AS times
          FROM applications_event e, jsonb_array_elements(e.detail->'clocks') s,
            (VALUES ('warning'), ('yellow'), ('red')) AS l (level)
          WHERE s->>'move' = 'start' OR l.level = 'warning' AND s->>'move' IN ('extend', 'pause') GROUP BY 1, 2, 3)
        SELECT w.application_id, w.clock_kind, w.level, count(*) FROM supervision_limitwarning w
        LEFT JOIN started s ON (s.application_id, s.kind, s.level) = (w.application_id, w.clock_kind, w.level)
        WHERE {STANDING}
        GROUP BY w.application_id, w.clock_kind, w.level, s.times HAVING count(*) > coalesce(s.times, 0)
        UNION ALL
        SELECT w.clock_id, w.clock_kind, w.level, count(*) FROM supervision_limitwarning w
        WHERE {STANDING} GROUP BY w.clock_id, w.clock_kind, w.level
        HAVING count(*) > 1 + (SELECT count(*) FROM applications_clockfact f
          WHERE w.level = 'warning' AND f.clock_id = w.clock_id AND f.move IN ('extend', 'pause'))
    """,
    "unfounded": """
        SELECT w.clock_id, w.level, w.effective_at FROM supervision_limitwarning w
        LEFT JOIN torture_expected e ON (e.clock_id, e.level, e.at) = (w.clock_id, w.level, w.effective_at)
        WHERE e.clock_id IS NULL AND w.effective_at < %(as_of)s
    """,
    "early": """
        SELECT w.clock_id, w.level, w.effective_at, w.recorded_at, t.at FROM supervision_limitwarning w
        LEFT JOIN torture_witness t ON t.warning_id = w.id
        WHERE t.at IS NULL OR least(t.at, w.recorded_at) < w.effective_at OR w.recorded_at > t.at
    """,
    "wrongly marked": """
        SELECT clock_id, level, effective_at, recorded_at FROM supervision_limitwarning
        WHERE is_late <> (recorded_at - effective_at > interval '10 minutes')
    """,
    "out of order": """
        SELECT clock_id, level, effective_at FROM (
          SELECT w.*, lag(effective_at) OVER own AS before, lag(recorded_at) OVER own AS found
          FROM supervision_limitwarning w WINDOW own AS (PARTITION BY clock_id, arming ORDER BY id)) w
        WHERE effective_at < before OR recorded_at < found
    """,
    # granted days are over and the case still sleeps
    "asleep": """
        SELECT a.id, c.due_at FROM applications_application a JOIN applications_clock c ON c.application_id = a.id
        WHERE a.status = 'suspended' AND c.kind = 'special' AND c.state = 'running' AND c.due_at < %(as_of)s
    """,
    # silence did not accept
    "silent": """
        SELECT a.id, c.due_at FROM applications_application a JOIN applications_clock c ON c.application_id = a.id
        WHERE a.status = 'received' AND c.kind = 'acceptance' AND c.state = 'running' AND c.due_at < %(as_of)s
    """,
    # yellow before red before default, and each default with its record
    "default before its card": """
        SELECT a.id, a.act, a.breached_at, w.recorded_at, a.opened_at FROM supervision_accountability a
        LEFT JOIN supervision_limitwarning w ON w.id = a.card_id
        WHERE a.act NOT IN ('red_card', 'unrectified')
          AND (a.opened_at < a.breached_at OR w.id IS NULL OR w.recorded_at > a.opened_at)
    """,
    "default without its record": """
        SELECT e.application_id, e.verb FROM applications_event e
        WHERE e.verb = 'deem_accepted' AND NOT EXISTS (SELECT FROM supervision_accountability a
          WHERE (a.application_id, a.act) = (e.application_id, 'deemed_accept'))
    """,
    # a case wakes once for every time it was laid to sleep
    "acted twice": """
        SELECT application_id, verb, count(*) FROM applications_event e
        JOIN halls_user u ON u.id = e.user_id
        WHERE u.username = %(system)s AND e.at >= %(start)s
        GROUP BY application_id, verb, e.from_status
        HAVING count(*) > CASE verb WHEN 'resume' THEN (
          SELECT count(*) FROM applications_event s WHERE s.application_id = e.application_id AND s.verb = 'suspend')
          ELSE 1 END
    """,
    # what a person was told is done, is done
    "transition lost": """
        SELECT n.case_id, n.verb, n.seq FROM torture_acted n
        LEFT JOIN applications_event e ON (e.application_id, e.verb, e.seq) = (n.case_id, n.verb, n.seq)
        WHERE n.is_done AND e.id IS NULL
    """,
    # what a person meant once, though sent again after every death, is done once: no act but those that were meant
    "transition doubled": """
        SELECT e.application_id, e.verb, e.seq FROM applications_event e JOIN halls_user u ON u.id = e.user_id
        WHERE u.username <> %(system)s AND e.at >= %(start)s AND NOT EXISTS (
          SELECT FROM torture_acted n WHERE (n.case_id, n.verb, n.seq) = (e.application_id, e.verb, e.seq))
    """,
    "due and not claimed": """
        SELECT id, next_action_at FROM applications_clock WHERE next_action_at < %(as_of)s
    """,
    # nobody has a message of it, though the ladder names people for it
    "untold": """
        SELECT w.id, w.level, w.clock_kind FROM supervision_limitwarning w
        WHERE NOT EXISTS (SELECT FROM supervision_message m WHERE m.key = 'warning:' || w.id)
          AND EXISTS (SELECT FROM supervision_ladderstep s WHERE s.level = w.level AND s.delay_days = 0
            AND s.clock_kind = CASE WHEN EXISTS (SELECT FROM supervision_ladderstep o
              WHERE (o.level, o.clock_kind) = (w.level, w.clock_kind)) THEN w.clock_kind ELSE '' END)
    """,
    "told twice": """
        SELECT user_id, key, count(*) FROM supervision_message GROUP BY user_id, key HAVING count(*) > 1
        UNION ALL
        SELECT user_id, message_id::text, count(*) FROM supervision_outbox WHERE message_id IS NOT NULL
        GROUP BY user_id, message_id, channel HAVING count(*) > 1
    """,
    "left in the queue": """
        SELECT id, coalesce(warning_id, term_warning_id, order_act_id), attempts, last_error FROM supervision_untold
        WHERE next_try_at < %(as_of)s
    """,
    # unless the same person had one within the last half hour
    "texts left": """
        SELECT o.id, o.attempts, o.last_error FROM supervision_outbox o
        WHERE o.state = 'failed' OR (o.state = 'waiting' AND o.next_try_at < %(as_of)s AND NOT EXISTS (
          SELECT FROM supervision_outbox s WHERE s.user_id = o.user_id AND s.state = 'sent'
            AND s.sent_at > %(as_of)s - interval '35 minutes'))
    """,
}
DRAINED: Final = ("due and not claimed", "asleep", "silent", "left in the queue", "texts left")
TOLD: Final = {
    "warnings": "SELECT count(*) FROM supervision_limitwarning",
    "planned": "SELECT count(*) FROM torture_planned",
    "late": "SELECT count(*) FROM supervision_limitwarning WHERE is_late",
    "in time": "SELECT count(*) FROM supervision_limitwarning WHERE NOT is_late",
    "resumed": "SELECT count(*) FROM applications_event WHERE verb = 'resume' AND at >= %(start)s",
    "defaults": "SELECT count(*) FROM supervision_accountability",
    "brakes": "SELECT count(*) FROM supervision_brake",
    "expected": "SELECT count(*) FROM torture_expected",
    "events of the watch": """
        SELECT count(*) FROM applications_event e JOIN halls_user u ON u.id = e.user_id
        WHERE u.username = %(system)s AND e.at >= %(start)s
    """,
    "events of people": """
        SELECT count(*) FROM applications_event e JOIN halls_user u ON u.id = e.user_id
        WHERE u.username <> %(system)s AND e.at >= %(start)s
    """,
    "messages": "SELECT count(*) FROM supervision_message",
    "texts sent": "SELECT count(DISTINCT pulse) FROM supervision_outbox WHERE state = 'sent'",
    "put off at least once": "SELECT count(*) FROM supervision_untold WHERE attempts > 0",
    "moments": "SELECT count(DISTINCT at) FROM torture_planned",
}


@dataclass
class Verdict:
    """Counts of what was found, the first few guilty rows of each fault, and figures for the report."""

    faults: dict[str, int] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())

    def note(self, name: str, count: int, rows: list[str] | None = None) -> None:
        self.faults[name] = count
        if rows:
            self.shown[name] = rows[:SHOWN]


def check(start: datetime, as_of: datetime, acted: Iterable[Act] = ()) -> Verdict:
    """Ask everything; `start` is when the torture began, `as_of` a moment up to which everything had been drained.

    `acted` is what the people at work noted down.
    """
    verdict = Verdict()
    note_what_events_ask(as_of)
    note_acts(acted)
    given: dict[str, str | datetime] = {"start": start, "as_of": as_of, "system": "system"}
    with connection.cursor() as cursor:
        for name, question in QUESTIONS.items():
            cursor.execute(question, given)
            rows = cursor.fetchall()
            verdict.note(name, len(rows), [" ".join(map(str, row)) for row in rows[:SHOWN]])
        for name, question in TOLD.items():
            cursor.execute(question, given)
            (verdict.figures[name],) = cursor.fetchone()
        cursor.execute("SELECT by, count(*) FROM torture_witness GROUP BY by ORDER BY by")
        verdict.figures["claimed by"] = dict(cursor.fetchall())
    ledger = prove_ledger()
    verdict.note("chain", ledger.found, [str(fault) for fault in ledger.faults])
    verdict.figures["events"] = ledger.events
    lights = prove_lights(is_whole=True)
    verdict.note("dates or lights", len(lights.differences), [str(one.as_dict()) for one in lights.differences])
    verdict.note("heartbeat", 0 if heartbeat().is_alive else 1)
    return verdict


def drained_as_of() -> datetime | None:
    """The moment at which nothing was due any more, or None while something is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT halls_now()")
        (now,) = cursor.fetchone()
        verdict = Verdict()
        for name in DRAINED:
            cursor.execute(QUESTIONS[name], {"as_of": now})
            verdict.note(name, len(cursor.fetchall()))
    moment: datetime = now
    return moment if verdict.is_clean else None
