"""Complaints and inquiries: who may see which, the rows of lists, and what everybody may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from applications.domain.lights import Colour
from applications.models import Application
from applications.selectors.progress import failures, pair_of
from halls.acting import Actor
from halls.paging import PageList
from matters.models import Matter
from supervision.domain.voices import KEEPER_NAMES, Keeper, Kind, VoiceVerb, release_number, released_by, root_of
from supervision.models import Voice, VoiceAct, VoicePhoto
from supervision.querysets import VoiceQuerySet
from supervision.selectors.supervised import names_of
from supervision.selectors.terms import term_colour

NEWEST_FIRST = PageList(("pk",), is_descending=True)
LAST_ASKED_FIRST = PageList(("released_as",), is_descending=True)
URGENT_FIRST = PageList(("due", "pk"))  # `due` is annotated by `with_row_columns`
SHOWN = 20
ASKED_MOST = 5
_HIDDEN = ("name_sealed", "phone_sealed", "words", "evidence")


def visible_voices(actor: Actor) -> VoiceQuerySet:
    """Everything the actor may read whole; figures count these rows and no others."""
    return _knowing_cases(Voice.objects.visible_to(actor), actor)


def _knowing_cases(rows: VoiceQuerySet, actor: Actor) -> VoiceQuerySet:
    """The rows with `sees_case`: whether the actor sees the case that one quotes; it costs nothing where unused."""
    quoted = Application.objects.visible_to(actor).filter(pk=OuterRef("application_id"))
    return rows.alias(sees_case=Exists(quoted.order_by()))


def released_voices(actor: Actor) -> VoiceQuerySet:
    """Complaints about the actor's own hall that it is asked to explain, and that the actor does not see anyway; with
    `released_as`, the act of the release by which the hall knows them.
    """
    seen = visible_voices(actor).values("pk")
    rows = Voice.objects.released_to(actor).exclude(pk__in=seen)
    first = VoiceAct.objects.filter(voice=OuterRef("pk"), verb=VoiceVerb.RELEASE).order_by("pk").values("pk")[:1]
    return _knowing_cases(rows.annotate(released_as=Subquery(first)), actor)


def voice_read_whole(actor: Actor, number: str) -> Voice | None:
    """By its number, or by that of a release: where nobody of the hall is at work, whoever stands above is asked."""
    act = released_by(number)
    which = Q(number=number) if act is None else Q(acts=act, acts__verb=VoiceVerb.RELEASE)
    rows = visible_voices(actor).select_related("hall", "department", "matter", "term", "application")
    return rows.filter(which).first()


def voice_asked_about(actor: Actor, number: str) -> Voice | None:
    """What was released to the actor's hall, by the number of a release alone."""
    act = released_by(number)
    if act is None:
        return None
    rows = released_voices(actor).select_related("hall", "department", "term")
    return rows.filter(acts=act, acts__verb=VoiceVerb.RELEASE).first()


def known_as(voice: Voice) -> str:
    """The number by which the hall it is about knows a released complaint; of a row of `released_voices`."""
    return release_number(voice.released_as)  # type: ignore[attr-defined]


def with_row_columns(rows: VoiceQuerySet) -> VoiceQuerySet:
    """What a row of a list shows, in one statement; no words, no sealed column. The rows: as given above."""
    shown = rows.select_related("hall", "department", "matter", "term", "application")
    shown = shown.annotate(is_case_seen=F("sees_case"), due=F("term__due_at"))
    return shown.defer(*_HIDDEN, "application__form")


MATTER_SEEN = Q(application__isnull=True) | Q(sees_case=True)


def seen_matter(voice: Voice) -> Matter | None:
    """Its matter, of a row with the columns of a list; none where it is that of a case that the reader does not see."""
    is_seen: bool = voice.application_id is None or voice.is_case_seen  # type: ignore[attr-defined]
    return voice.matter if is_seen else None


def overdue(now: object) -> Q:
    """Whose limit has run out unanswered."""
    return term_colour(Colour.RED, now)  # type: ignore[arg-type]


@dataclass(frozen=True)
class AboutHall:
    """Open complaints and inquiries that concern a place, as the one who asks may see them."""

    whole: tuple[Voice, ...] = ()
    released: tuple[Voice, ...] = ()


def open_about_hall(actor: Actor, path: str) -> AboutHall:
    """About this hall or a department in it: two statements."""
    about = Q(about_path=path) | Q(hall__path=path)
    whole = with_row_columns(visible_voices(actor).open().filter(about)).order_by("term__due_at")[:SHOWN]
    released = with_row_columns(released_voices(actor).open().filter(about)).order_by("term__due_at")[:SHOWN]
    return AboutHall(tuple(whole), tuple(released))


def open_about_case(actor: Actor, number: str) -> list[Voice]:
    """Open ones about a case, for those who read them whole: the case tells who complained."""
    rows = visible_voices(actor).open().filter(application__number=number)
    return list(with_row_columns(rows).order_by("term__due_at")[:SHOWN])


def sees_case_of(actor: Actor, voice: Voice) -> bool:
    """Whether the reader sees the case that it quotes."""
    cases = Application.objects.visible_to(actor)
    return voice.application_id is not None and cases.filter(pk=voice.application_id).exists()


def seat_words(voice: Voice) -> str:
    """Who handles it, for receipt, progress and papers: a hall or department, or of the county's complaints whoever is
    next in line.
    """
    keeper = Keeper(voice.keeper)
    if voice.kind != Kind.INQUIRY and (keeper is not Keeper.SUPERVISOR or voice.seat_path == root_of(voice.seat_path)):
        return KEEPER_NAMES[keeper]
    return names_of([voice.seat_path]).get(voice.seat_path, "")


def acts_of(voice: Voice) -> list[VoiceAct]:
    return list(VoiceAct.objects.filter(voice=voice).select_related("text").order_by("pk"))


def photos_of(actor: Actor, voice: Voice) -> QuerySet[VoicePhoto]:
    """The photos that came with it, for whoever reads it whole: an accused hall is told nothing of them."""
    return VoicePhoto.objects.filter(voice__in=visible_voices(actor).filter(pk=voice.pk).order_by().values("pk"))


def voice_to_follow(number: str, *, client: str = "") -> Voice | None:
    """Read what the page to follow shows, with the wrong codes that came for the number and from this client."""
    rows = Voice.objects.select_related("hall", "department", "matter", "term").annotate(
        wrong_for_number=failures("number", OuterRef("number"), "day") if client else Value(0),
        wrong_of_pair=failures("pair", Value(pair_of(number, client)), "hour") if client else Value(0),
    )
    return rows.filter(number=number).first()


def published_answers(matter_code: str) -> list[VoiceAct]:
    """Questions and answers shown on the guide of a matter, newest first: the newest words of each."""
    rows = VoiceAct.objects.filter(
        verb=VoiceVerb.PUBLISH, voice__is_published=True, voice__matter__code=matter_code
    ).select_related("voice")
    newest = rows.order_by("voice_id", "-pk").distinct("voice_id")
    return sorted(newest, key=lambda act: -act.pk)[:ASKED_MOST]


def summaries(acts: Iterable[VoiceAct]) -> list[VoiceAct]:
    """What the accused hall may read: the handler's summaries and its own explanations."""
    return [act for act in acts if act.verb in (VoiceVerb.RELEASE, VoiceVerb.EXPLAIN)]
