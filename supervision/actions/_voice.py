"""The frame of every act about a complaint or an inquiry: lock, may, can, do, record, tell.

`begin` locks the row and its limit and checks the actor and the table; the verb's own file changes what is its
business; `record` writes the one act and moves the row by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from applications.selectors.county import county_of
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound
from halls.domain.persons import plain_code
from halls.domain.worktime import day_of
from halls.models import Department, Hall, User
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._post import Letter, post, text_villager
from supervision.domain.reach import Rung, Seat, reach
from supervision.domain.sight import of_limit, of_summary, sighted
from supervision.domain.voices import PAPERS, Kind, State, Step, VoiceVerb, names_person, release_number, require_step
from supervision.models import Message, Term, Voice, VoiceAct
from supervision.permissions.voices import require
from supervision.selectors.reach import roster_of
from supervision.selectors.shield import may_hear

LONGEST = 2000


@dataclass
class Deed:
    """One act on its way: the locked row with its limit, the moment, the actor, the row of the table."""

    verb: VoiceVerb
    actor: Actor
    voice: Voice
    term: Term
    moment: Moment
    step: Step
    moved: list[str] = field(default_factory=list)  # columns of the row that the verb changed


def begin(number: str, verb: VoiceVerb, actor: Actor) -> Deed:
    """Lock and check. Raises NotFound (unseen), NotPermitted (not one's work), Refused (`wrong_state`)."""
    rows = Voice.objects.select_related("hall", "department")
    voice = rows.select_for_update(of=("self",), no_key=True).filter(number=number).first()
    if voice is None:
        raise NotFound(_("没有找到这一件，或者它不在您的办理范围内。"))
    require(actor, verb, voice)
    step = require_step(verb, Kind(voice.kind), State(voice.state))
    term = Term.objects.select_for_update(no_key=True).get(pk=voice.term_id)
    return Deed(verb, actor, voice, term, read_moment(), step)


def record(deed: Deed, words: str, *, more: str = "", ground: str = "") -> VoiceAct:
    """Write the act, and move the row by it."""
    voice, actor = deed.voice, deed.actor
    target = deed.step.target or State(voice.state)
    act = VoiceAct.objects.create(
        voice=voice,
        verb=deed.verb,
        from_state=voice.state,
        to_state=target,
        at=deed.moment.at,  # stamped by the database
        user_id=actor.user_id,
        person_code=actor.person_code,
        actor_name=actor.name,
        actor_post=actor.post,
        place=actor.hall_name,
        words=words,
        more=more,
        ground=ground,
        paper=_paper_number(deed),
    )
    voice.state = target
    voice.save(update_fields=["state", *deed.moved])
    if deed.verb in PAPERS and voice.phone_masked:
        text_villager(deed.moment, voice_act=act)
    return act


def _paper_number(deed: Deed) -> str:
    """奉政务诉受〔2026〕3号: 机关代字 of the body that decides, the year, the next number of these papers in it.

    The numbers of a year run from 1 without leading zeros (GB/T 9704—2012); one at a time draws one for the county.
    """
    if deed.verb not in PAPERS or deed.voice.kind == Kind.INQUIRY:
        return ""
    county, actor = county_of(deed.voice.about_path), deed.actor
    Hall.objects.select_for_update(no_key=True).get(path=f"{county.code}/")
    # A county has its own sign; who decides below it is named, for nobody gave us another sign.
    own = "" if actor.hall_path.count("/") <= 1 else _called(actor.hall_path)
    prefix = f"{county.sign}{own}政务{PAPERS[deed.verb][1]}〔{day_of(deed.moment.at).year}〕"
    return f"{prefix}{VoiceAct.objects.filter(paper__startswith=prefix).count() + 1}号"


def _called(path: str) -> str:
    """The hall by its short name, a department by its name."""
    hall = Hall.objects.filter(path=path).first()
    return hall.short_name if hall else Department.objects.get(path=path).name


def kept_due(term: Term) -> str:
    """The last day as a paper prints it: 2026-03-05, with a ~ behind it where it is provisional."""
    return f"{day_of(term.due_at).isoformat()}{'~' if term.is_provisional else ''}"


def page_of(number: str) -> str:
    """Where its people act on it."""
    return f"/supervision/voices/{number}/"


def asked_as(voice: Voice) -> str:
    """The number by which the accused hall knows a complaint that was released to it."""
    first = VoiceAct.objects.filter(voice=voice, verb=VoiceVerb.RELEASE).order_by("pk").values_list("pk", flat=True)
    return release_number(first[0])


def duty_at(voice: Voice) -> Duty:
    """Whose work it is at its seat."""
    return Duty.SUPERVISE if voice.kind != Kind.INQUIRY else answering_at(voice.seat_path)


def answering_at(path: str) -> Duty:
    """With which duty somebody speaks for a hall or department; a bureau without a window has examiners."""
    return Duty.EXAMINE if "~" in path else Duty.ACCEPT


def tell(voice: Voice, path: str, duty: Duty, words: str, key: str, moment: Moment) -> None:
    """Tell whoever holds the duty there; of handling a complaint nobody whom it accuses, by hall or by name."""
    today, page = day_of(moment.at), page_of(voice.number)
    if voice.kind != Kind.INQUIRY and duty is not Duty.SUPERVISE:  # the accused
        page = page_of(asked_as(voice))
    roster, rung = roster_of([path], today), Rung.HANDLER
    if duty is Duty.SUPERVISE:  # nobody there: the county's
        roster, rung = may_hear(voice, roster, today), Rung.TOWNSHIP_DIRECTOR
    elif voice.kind == Kind.INQUIRY:
        roster = sighted(roster, of_limit(ClockKind.INQUIRY, Seat(path, duty)))
    else:
        roster = sighted(roster, of_summary(path, voice.seat_path))
    letters = [
        Letter(user_id=pk, key=key, kind=Message.Kind.NOTICE, words=words, detail={"page": page})
        for pk in _unnamed(voice, reach([rung], Seat(path, duty), roster).people)
    ]
    post(letters, moment)


def _unnamed(voice: Voice, people: Iterable[int]) -> list[int]:
    known = User.objects.filter(pk__in=list(people)).values_list("pk", "full_name", "person_code")
    return [
        pk
        for pk, name, code in known
        if not names_person(voice.accused_person, name) and plain_code(code) not in voice.named
    ]
