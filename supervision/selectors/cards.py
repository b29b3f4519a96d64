"""Cards as their page, their paper and the API show them: who may see one, on what it stands, who held the duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from applications.domain.lifecycle import STEP_DUTY, StepKind
from applications.models import Application, ApplicationStep
from applications.querysets import below
from applications.selectors.held import held_at
from applications.selectors.rung_rules import rule_behind
from halls.acting import Actor
from halls.domain.duties import Duty, PostKind
from halls.domain.errors import NotFound, NotPermitted
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of, start_of
from halls.models import Post
from halls.selectors.work_calendar import Moment
from supervision.domain.card_life import APPEAL_DAYS, CardState
from supervision.domain.reach import desks
from supervision.models import CardReview, LimitWarning, Message
from supervision.models.card_review import is_issued, life
from supervision.selectors.holders import holders_at
from supervision.selectors.supervised import supervised


def require_card_reader(actor: Actor) -> None:
    """Raises NotPermitted for somebody who has nothing to do with cases."""
    if not actor.case_prefixes:
        raise NotPermitted(
            "no_case_duty",
            _("您现在的岗位不经办也不监察办件，看不到红黄牌。"),
            cure=_("红黄牌由监察员和被发牌的单位查看。"),
        )


def own_cards(actor: Actor) -> QuerySet[LimitWarning]:
    """The issued cards of the bodies where the actor works: what blames a body is no secret from its people.

    The county's own hall is one body; what happens below it is not all its doing.
    """
    return LimitWarning.objects.filter(_of_own_body(actor))


def visible_cards(actor: Actor) -> QuerySet[LimitWarning]:
    """Every warning and card of the supervised cases, and the issued cards of the actor's own body.

    What was not issued is the county's business alone: a township that watches its villages is blamed itself.
    """
    # Case by case: asked of one card, nobody looks through all the cases of a county.
    watched = Exists(supervised(actor).order_by().filter(pk=OuterRef("application")))
    watched_cards = Q(watched) if watches_county(actor) else Q(watched) & is_issued()
    return LimitWarning.objects.filter(watched_cards | _of_own_body(actor))


def _of_own_body(actor: Actor) -> Q:
    nodes = actor.at_work.case_prefixes
    roots = [node for node in nodes if is_county(node)]
    own = below("seat_path", tuple(node for node in nodes if node not in roots)) | Q(seat_path__in=roots)
    return own & is_issued() & Q(level__in=("yellow", "red"))


def read_card(actor: Actor, pk: int) -> LimitWarning:
    """Return the card with its case and its acts. Raises NotPermitted, NotFound."""
    require_card_reader(actor)
    rows = visible_cards(actor).select_related("clock", "application__matter", "application__hall", "issued_by")
    shown = rows.select_related("application__guide").defer("application__form")
    card = shown.prefetch_related("reviews__user", "reviews__notice").filter(pk=pk).first()
    if card is None:
        raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
    return card


@dataclass(frozen=True, slots=True)
class Ground:
    """The rule in words with its citation, the step, and who held the duty when it was broken."""

    rule: str
    citation: str
    step: str
    day: date
    holders: list[dict[str, str]]


def ground_of(card: LimitWarning) -> Ground:
    """Return on what the card stands: at most six statements."""
    if card.clock is None:
        seq, rule, citation = card.step_seq, str(card.get_fault_display()), card.citation
    else:
        seq = held_at(card.clock, card.effective_at).step_seq
        rule, citation = rule_behind(card.clock, card.level, card.application)
    step = ApplicationStep.objects.filter(application=card.application_id, seq=seq).first() if seq else None
    day = card.happened_on or day_of(card.effective_at)
    duty = STEP_DUTY[StepKind(step.kind)] if step else Duty.ACCEPT
    holders = holders_at(card.seat_path, duty, day) if card.is_card else []
    return Ground(rule, citation, step.name if step else "", day, holders)


def told_at(card: LimitWarning, today: date) -> datetime | None:
    """Return when the body was told of the card, from which the days for an appeal run; None: nobody of it was yet.

    That is its first message to one of its people. Where it had nobody, and others heard of it in their place, the days
    run since it has somebody who reads its cards. One statement, three where it had nobody.
    """
    messages = Message.objects.filter(key=f"warning:{card.pk}").annotate(day=TruncDate("made_at")).order_by("made_at")
    posts = _posts_of(card.seat_path)
    theirs = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("day")), user=OuterRef("user"))
    first = messages.filter(Exists(theirs.filter(starts_on__lte=OuterRef("day")))).first()
    if first is not None:
        return first.made_at
    others = messages.first()
    if others is None:
        return None
    told = day_of(others.made_at)
    since = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=told), starts_on__lte=today).order_by("starts_on")
    post = since.first()
    if post is None:
        return None
    return others.made_at if post.starts_on <= told else start_of(post.starts_on)


def _posts_of(body: str) -> QuerySet[Post]:
    """The posts whose holders are of this body; a township's people work for the offices in its hall, too."""
    desk, *_above = desks(body)
    only = Q(hall__path__in=desk) | Q(department__path__in=desk)
    idle = [PostKind.SYSTEM, PostKind.ADMINISTRATOR, PostKind.CATALOGUE_EDITOR]
    if is_county(body):  # what happens below the county's own hall is not its doing, and its supervisors only watch
        idle.append(PostKind.SUPERVISOR)
    else:
        only |= Q(hall__path__startswith=body) | Q(department__path__startswith=body)
    return Post.objects.filter(only, user__is_active=True).exclude(kind__in=idle)


def appeal_until(told: datetime | None, moment: Moment) -> date | None:
    """Return the last day on which the body may appeal: the day of being told does not count."""
    return moment.calendar.shift_working(day_of(told), APPEAL_DAYS) if told else None


def may_lead_appeal(actor: Actor, card: LimitWarning) -> bool:
    """Whether the actor decides at the blamed body and does not watch the county."""
    nodes = actor.nodes.get(Duty.DECIDE, ())
    leads = any(card.seat_path.startswith(node) and (node == card.seat_path or not is_county(node)) for node in nodes)
    return leads and not watches_county(actor)


def watches_county(actor: Actor) -> bool:
    return any(is_county(node) for node in actor.supervises)


def is_of_blamed_body(actor: Actor, card: LimitWarning) -> bool:
    """Whether the actor answers for the body that the card blames: who then appeals, and proposes nothing.

    A township hall and the offices in it are one body. The county's supervisors are of no body here: nobody else could
    propose anything about a card of the county's own hall.
    """
    here, *_above = desks(card.seat_path)
    return card.is_card and not watches_county(actor) and any(node in here for node in actor.supervises)


def effective_of(card: LimitWarning) -> datetime | None:
    """Return since when the card has effect: one by hand since it was confirmed, and not before."""
    if card.mode != LimitWarning.Mode.MANUAL:
        return card.effective_at
    return next((row.at for row in card.reviews.all() if row.act == CardReview.Act.CONFIRM), None)


def is_county(node: str) -> bool:
    """Whether a node of the tree is a county's root."""
    return node.count("/") == 1 and "~" not in node


def decided_already(card: LimitWarning, actor: Actor) -> bool:
    """Whether this very person issued or confirmed the card: another one decides about it."""
    if card.issued_by_id == actor.user_id or is_same_person(card.issued_person, actor.person_code):
        return True
    confirms = (row for row in card.reviews.all() if row.act == CardReview.Act.CONFIRM)
    return any(row.is_own(actor.user_id, actor.person_code) for row in confirms)


def figures_of(card: LimitWarning) -> list[tuple[str, datetime | None]]:
    """Return the figures that the card is in (figures.CARD_LISTS), each with the moment by whose month it counts.

    None: a figure of now.
    """
    state = life(card)
    acts = {row.act: row.at for row in card.reviews.all()}
    issued = acts.get(CardReview.Act.CONFIRM, card.recorded_at)  # by which figures and bulletins count it
    waits: list[tuple[str, datetime | None]] = []
    if state.stands and (state.open_appeal or state.open_proposal):
        waits = [("to_review", None)]
    if not card.is_card:
        key = ("revoked_month", acts.get(CardReview.Act.REVOKE)) if not state.stands else ("warnings_month", issued)
        return [key, *waits]
    if state.state is CardState.PENDING:
        return [("to_confirm", None)]
    if state.state is CardState.CANCELLED:
        return [("cancelled_month", acts[CardReview.Act.CANCEL])]
    if state.state is CardState.REVOKED:
        return [("issued_month", issued), ("revoked_month", acts[CardReview.Act.REVOKE])]
    return [("issued_month", issued), (f"{card.level}_cards_month", issued), *waits]


def bodies_of(case: Application) -> list[str]:
    """Return the paths of the bodies that had the case: whom a card by hand may blame (1 statement)."""
    steps = ApplicationStep.objects.filter(application=case).order_by("seq").values_list("path", flat=True)
    return [path for path in dict.fromkeys([case.path, case.accept_path, *steps, case.result_path]) if path]
