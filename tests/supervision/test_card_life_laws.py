"""What a card is follows from its acts: worked examples, and laws that hold for every order of acts."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.domain.card_life import STANDING, CardAct, CardMode, CardState, card_number, life_of, serial_of


@dataclass(frozen=True)
class Done:
    """An act as it is stored."""

    pk: int
    act: str
    answers_id: int | None = None


def acts(*names: str) -> list[Done]:
    """Acts in their order; uphold and revoke answer the newest that nobody answered."""
    rows: list[Done] = []
    for number, name in enumerate(names, start=1):
        answered = {row.answers_id for row in rows}
        asked = [row.pk for row in rows if row.act in ("appeal", "propose") and row.pk not in answered]
        rows.append(Done(number, name, asked[-1] if name in ("uphold", "revoke") and asked else None))
    return rows


@pytest.mark.parametrize(
    ("mode", "done", "state", "code"),
    [
        ("auto", (), "issued", "Y"),
        ("confirmed", (), "pending", "D"),
        ("manual", (), "pending", "D"),
        ("confirmed", ("confirm",), "issued", "Y"),
        ("manual", ("cancel",), "cancelled", "Q"),
        ("auto", ("appeal",), "appealed", "Y"),
        ("auto", ("appeal", "uphold"), "upheld", "Y"),
        ("auto", ("appeal", "revoke"), "revoked", "C"),
        ("auto", ("order",), "issued", "B"),
        ("auto", ("order", "appeal", "revoke"), "revoked", "C"),
        ("auto", ("propose",), "issued", "Y"),
        ("auto", ("propose", "uphold", "appeal"), "appealed", "Y"),
        ("manual", ("confirm", "appeal", "uphold", "propose", "revoke"), "revoked", "C"),
    ],
)
def test_a_card_is_what_its_acts_make_of_it(mode, done, state, code):
    life = life_of(mode, acts(*done))
    assert (life.state, life.code) == (state, code)


def test_what_waits_for_somebody_is_told_by_the_act_that_nobody_answered():
    life = life_of("auto", acts("propose", "uphold", "appeal"))
    assert (life.open_proposal, life.open_appeal) == (None, 3)
    life = life_of("auto", acts("appeal", "propose"))
    assert (life.open_proposal, life.open_appeal) == (2, 1)


@given(st.sampled_from(list(CardMode)), st.lists(st.sampled_from(list(CardAct)), max_size=9))
def test_no_order_of_acts_brings_a_card_back(mode, done):
    for end in range(len(done) + 1):
        life = life_of(mode, acts(*done[:end]))
        if {CardAct.REVOKE, CardAct.CANCEL} & set(done[:end]):
            assert life.state in (CardState.REVOKED, CardState.CANCELLED)
            assert life.open_appeal is None
        assert life.stands == (life.state in STANDING)
        if mode is not CardMode.AUTO and CardAct.CONFIRM not in done[:end]:
            assert not life.stands


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)), st.integers(1, 10**10 - 1))
def test_a_number_has_twenty_characters_and_leads_back_to_its_card(day, serial):
    number = card_number(day, serial)
    assert len(number) == 20
    assert serial_of(number) == serial_of(f" {number.lower()} ") == serial


@pytest.mark.parametrize(
    "text",
    ["", "JC", "JC2026030100000000", "XX202603010000000001", "JC\uff12\uff10\uff12\uff1603010000000001", "9" * 20],
)
def test_whatever_is_no_number_leads_nowhere(text):
    assert serial_of(text) is None
