"""人工发牌: a supervisor of the county asks for a card against a body that had a case, for a fault no clock sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import require_county
from supervision.domain.faults import FAULTS
from supervision.models import CardReview, LimitWarning
from supervision.selectors.cards import bodies_of
from supervision.selectors.supervised import supervised

LONGEST_FACTS = 1000
LONGEST_CITATION = 300
_LEVELS = (LimitWarning.Level.YELLOW, LimitWarning.Level.RED)


@dataclass(frozen=True, slots=True)
class Charge:
    """Which card against which body (its path in the tree), for what, when it happened, on which ground."""

    level: str
    body: str
    fault: str
    happened_on: date
    facts: str
    citation: str


@transaction.atomic
def issue_card(application_id: int, charge: Charge, *, actor: Actor) -> LimitWarning:
    """Write the card; it waits (待发) until another person of the county confirms it, and blames nobody before.

    Raises NotPermitted (who does not watch the county), NotFound (the case), Invalid with every faulty field, Refused
    (`already_charged`: the same fault of the same body on the same day is charged once).
    """
    require_county(actor)
    case = supervised(actor).select_for_update(of=("self",), no_key=True).filter(pk=application_id).first()
    if case is None:
        raise NotFound
    _require_sound(case, charge)
    _require_new(case, charge)
    moment = read_moment().at
    return LimitWarning.objects.create(
        application=case,
        level=charge.level,
        mode=LimitWarning.Mode.MANUAL,
        seat_path=charge.body,
        fault=charge.fault,
        facts=charge.facts.strip(),
        citation=charge.citation.strip(),
        happened_on=charge.happened_on,
        issued_by_id=actor.user_id,
        issued_person=actor.person_code,
        effective_at=moment,
        recorded_at=moment,  # the trigger stamps both
    )


def _require_new(case: Application, charge: Charge) -> None:
    """What was revoked or cancelled may be charged again; the case is locked, so that of two presses one waits here."""
    same = LimitWarning.objects.filter(
        application=case,
        mode=LimitWarning.Mode.MANUAL,
        seat_path=charge.body,
        fault=charge.fault,
        happened_on=charge.happened_on,
    )
    gone = (CardReview.Act.REVOKE, CardReview.Act.CANCEL)
    known = same.exclude(reviews__act__in=gone).first()
    if known is not None:
        raise Refused(
            "already_charged",
            _("这个单位的这件事已经提出过发牌（%(number)s）。") % {"number": known.number},
            cure=_("请打开那张牌办理，不必再提。"),
        )


def _require_sound(case: Application, charge: Charge) -> None:
    if charge.level not in _LEVELS:
        raise Invalid("unknown_level", _("请选择黄牌或红牌。"), field="level", cure=_("选一项再提交。"))
    if charge.fault not in FAULTS:
        raise Invalid("unknown_fault", _("请从公开的事由里选一项。"), field="fault", cure=_("选一项再提交。"))
    if charge.body not in bodies_of(case):
        raise Invalid("unknown_body", _("这个单位没有办过这一件。"), field="body", cure=_("请从列出的单位里选一个。"))
    first, today = timezone.localtime(case.created_at).date(), day_of(read_moment().at)
    if not first <= charge.happened_on <= today:
        words = {"first": f"{first:%Y-%m-%d}", "today": f"{today:%Y-%m-%d}"}
        raise Invalid(
            "happened_on",
            _("发生日期应在 %(first)s（收件）到 %(today)s（今天）之间。") % words,
            field="happened_on",
            cure=_("请核对日期。"),
        )
    for field, text, longest in (
        ("facts", charge.facts, LONGEST_FACTS),
        ("citation", charge.citation, LONGEST_CITATION),
    ):
        if not 0 < len(text.strip()) <= longest:
            raise Invalid(
                f"{field}_missing",
                _("请写明事实和依据，各不超过 %(facts)d 字和 %(citation)d 字。")
                % {"facts": LONGEST_FACTS, "citation": LONGEST_CITATION},
                field=field,
                cure=_("写清什么时候、谁、做了什么，违反哪一条。"),
            )
