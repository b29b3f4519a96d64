"""Trap 11: several tellers and several postmen at once. Real connections, real commits."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from django.db import connection, transaction

from halls.models import User
from supervision.actions._claim import claim_batch
from supervision.actions.deliver import deliver
from supervision.actions.tell import tell
from supervision.actions.tell_people import tell_people
from supervision.models import LimitWarning, Message, Outbox, Untold
from tests.supervision.county import at

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "2026-03-25 09:00"
CROWD = 4


class Counting:
    name, label, note, reaches_applicants = "counting", "计数", "", False
    sent: Counter[tuple[str, str]] = Counter()
    lock = Lock()

    def send(self, text):
        with self.lock:
            self.sent[text.key, text.phone] += 1


def at_once(work):
    start = Barrier(CROWD)

    def one(_number):
        try:
            at(LATER)
            start.wait(20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(one, range(CROWD)))


def test_trap_11_tellers_at_once_tell_each_rung_once(county):
    matter = county.matter(promised=2)
    for number in range(8):
        county.accepted(matter, number % 2)
    at(LATER)
    claimed = claim_batch().claimed
    done = at_once(lambda: tell(batch_size=3))
    assert sum(one.rungs for one in done) == claimed == LimitWarning.objects.count() > 20
    # Whoever came last may have stopped at rungs that another still held: they are told, by that other.
    assert not Untold.objects.exists()
    rows = list(Message.objects.values_list("user_id", "key"))
    assert len(rows) == len(set(rows)) == sum(one.messages for one in done)
    assert {key for _user, key in rows} == {f"warning:{pk}" for pk in LimitWarning.objects.values_list("pk", flat=True)}


def test_a_rung_that_another_teller_holds_is_left_to_it(county):
    county.accepted(county.matter(promised=2))
    at(LATER)
    claimed = claim_batch().claimed
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            held = Untold.objects.select_for_update().order_by("pk").first()
            assert held is not None
            pool.submit(at_once_alone).result(timeout=20)
            assert list(Untold.objects.all()) == [held]
        pool.submit(at_once_alone).result(timeout=20)
    assert not Untold.objects.exists()
    assert Message.objects.values("key").distinct().count() == claimed


def at_once_alone():
    try:
        at(LATER)
        return tell()
    finally:
        connection.close()


def test_postmen_at_once_send_each_text_once_and_keep_a_digest_together(county, settings):
    settings.MESSAGE_CHANNELS = ["tests.supervision.test_tellers_at_once.Counting"]
    Counting.sent.clear()
    people = [county.people[role] for role in ("approver0", "approver1", "examiner0", "examiner1", "window0")]
    for number, person in enumerate(people):
        User.objects.filter(pk=person.pk).update(phone=f"1390000{number:04d}")
    at(LATER)
    for _ in range(6):
        tell_people(people, Message.Kind.NOTICE, "请看一下。")
    done = at_once(deliver)
    assert sum(one.sent for one in done) == len(people)
    assert set(Counting.sent.values()) == {1}
    assert {phone for _key, phone in Counting.sent} == {f"1390000{number:04d}" for number in range(5)}
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert Outbox.objects.values("pulse").distinct().count() == len(people)
