"""How far a case is, as anybody with its number and code may see it: no name, no identity number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, DateTimeField, Exists, Func, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Now
from django.utils.translation import gettext_lazy as _

from applications.domain.clock import guide_budget
from applications.domain.lifecycle import ENDED, STATUS_LABELS, Status, StepKind, Verb
from applications.domain.lights import Light
from applications.domain.paper_titles import refused_words
from applications.models import Application, ApplicationStep, Event, LookUpFailure
from applications.sealing import blind_index
from applications.selectors.case_page import step_state
from applications.selectors.lights import light
from applications.selectors.promises import OWN_PROMISE, PROMISED_DAYS, CasePromise, promise_in
from applications.selectors.statement_words import day_short
from halls.domain.worktime import day_of
from halls.models import Department, Hall
from halls.selectors.openings import opening_lines, openings_of
from halls.selectors.work_calendar import read_moment


@dataclass(frozen=True, slots=True)
class Stair:
    """One step of the way. `state` is one of done, current, paused, todo, skipped.

    A leading step (受理) is discharged by acceptance, wherever that happens. `extra`: how long a procedure takes that
    comes in addition to the promise; "" for every other step.
    """

    name: str
    place: str
    level: str
    state: str
    is_leading: bool = False
    seq: int = 0
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A case without its applicant. `words` say who does what now, and what the villager must do."""

    number: str
    display_number: str
    matter: str
    matter_code: str
    matter_kind: str
    hall: str
    hall_phone: str
    status: str
    status_label: str
    light: Light
    words: str
    where: str
    due_at: datetime | None
    is_provisional: bool
    submitted_at: datetime | None
    accepted_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    stairs: tuple[Stair, ...]
    asked_on: date
    promise: CasePromise
    is_refused: bool = False
    hall_openings: tuple[str, ...] = ()
    wrong_for_number: int = 0
    wrong_from_client: int = 0


def progress_of(number: str, *, client: str = "") -> Progress | None:
    """Return the progress of a filed case, or None where there is none: two statements.

    With `client` (a keyed hash) it also says how many wrong codes came for this number today and from
    this client this hour.
    """
    moment = read_moment()
    application: Any = (
        Application.objects.filter(number=number)
        .select_related("guide", "matter", "hall", "seat_hall", "seat_department")
        .defer("form")
        .annotate(route=_ROUTE, result_place=_place("result_path"), coming_to=_place("destination_path"))
        .annotate(
            is_refused=Exists(Event.objects.filter(application=OuterRef("pk"), verb=Verb.REFUSE)),
            handed_at=Subquery(
                Event.objects.filter(application=OuterRef("pk"), verb=Verb.DELIVER).order_by("-seq").values("place")[:1]
            ),
            asked_on=Value(day_of(moment.at), DateField()),
        )
        .annotate(promised=PROMISED_DAYS, own_promise=OWN_PROMISE)
        .annotate(openings=openings_of("hall", day_of(moment.at)))
        .annotate(
            wrong_for_number=failures("number", OuterRef("number"), "day") if client else Value(0),
            wrong_from_client=failures("client", Value(client), "hour") if client else Value(0),
        )
        .first()
    )
    if application is None:
        return None
    status = Status(application.status)
    return Progress(
        number=number,
        display_number=application.display_number,
        matter=application.guide.name,
        matter_code=application.matter.code,
        matter_kind=application.guide.kind,
        hall=application.hall.name,
        hall_phone=application.hall.phone,
        hall_openings=opening_lines(application.openings, day_of(moment.at)),
        status=status.value,
        status_label=_label(application, status),
        light=light(application, moment),
        words=_words(application, status),
        where=_where(application, status),
        due_at=None if status in ENDED else application.due_at,
        is_provisional=application.is_provisional,
        submitted_at=application.submitted_at,
        accepted_at=application.accepted_at,
        decided_at=application.decided_at,
        ended_at=application.ended_at,
        asked_on=day_of(moment.at),
        is_refused=application.is_refused,
        promise=promise_in(application.promised, application.own_promise, application.guide),
        stairs=tuple(_stair(application, step) for step in application.route),
        wrong_for_number=application.wrong_for_number,
        wrong_from_client=application.wrong_from_client,
    )


_ROUTE = ArraySubquery(
    ApplicationStep.objects.filter(application=OuterRef("pk"))
    .order_by("seq")
    .values(
        json=JSONObject(
            seq="seq",
            name="name",
            level="level",
            is_leading="is_leading",
            kind="kind",
            days="days",
            unit="unit",
            counts="counts",
            is_after="is_after_decision",
            is_final="is_final_decision",
            place=Coalesce("department__name", "hall__name"),
        )
    )
)


def _place(path: str) -> Coalesce:
    """The name of the hall or department at a path; "" for none."""
    halls = Hall.objects.filter(path=OuterRef(path)).values("name")
    departments = Department.objects.filter(path=OuterRef(path)).values("name")
    return Coalesce(Subquery(halls), Subquery(departments), Value(""))


def pair_of(number: str, client: str) -> str:
    """How wrong codes for one number from one (anonymous) client are told from all others."""
    return blind_index(f"pair|{number}|{client}")


def failures(kind: str, subject: Any, span: str) -> Coalesce:
    """How many wrong codes came for a number today, or from a client this hour."""
    start = Func(Value(span), Now(), Value("Asia/Shanghai"), function="date_trunc", output_field=DateTimeField())
    rows = LookUpFailure.objects.filter(kind=kind, subject=subject, starts_at=start)
    return Coalesce(Subquery(rows.values("failures")), Value(0), output_field=IntegerField())


def _stair(application: Any, step: dict[str, Any]) -> Stair:
    accepted = application.accepted_at is not None
    decided = next((one["seq"] for one in application.route if one["is_final"]), None)
    refused = decided if application.is_refused else None
    state = step_state(application, step["seq"], is_leading=step["is_leading"], accepted=accepted, refused_at=refused)
    is_extra = step["kind"] == StepKind.SPECIAL and not (step["counts"] or step["is_after"])
    return Stair(
        name=step["name"],
        place=step["place"],
        level=step["level"],
        state=state,
        is_leading=step["is_leading"],
        seq=step["seq"],
        extra=guide_budget(step["days"], step["unit"]).label if is_extra else "",
    )


def _label(application: Any, status: Status) -> str:
    """Where it stands in one word; a refusal by the kind of its matter, as the decision calls it."""
    return refused_words(application.guide.kind) if status is Status.REFUSED else STATUS_LABELS[status][0]


def _where(application: Any, status: Status) -> str:
    if status is Status.DELIVERED:
        return str(application.handed_at or application.hall.name)
    if status in ENDED:
        return ""
    if status is Status.CORRECTING:
        return str(application.hall.name)
    if status in (Status.READY, Status.REFUSED):
        return str(application.coming_to or application.result_place)
    return str(application.seat_name)


def _words(application: Any, status: Status) -> str:
    """What happens now, and what the villager has to do about it."""
    step = next((s["name"] for s in application.route if s["seq"] == application.step_seq), "")
    facts = {
        "seat": application.seat_name,
        "hall": application.hall.name,
        "step": step,
        "place": application.coming_to or application.result_place,
        "day": day_short(day_of(application.ended_at), application.asked_on) if application.ended_at else "",
    }
    sentence = _ON_ITS_WAY.get(status) if application.coming_to else None
    if status is Status.DELIVERED and application.is_refused:
        sentence = _REFUSED_AND_DELIVERED
    return str(sentence or _SENTENCES[status]) % facts


_SENTENCES = {
    Status.DRAFT: "",
    Status.SUBMITTED: _("材料已经送到%(seat)s，等待收件。您现在不用做什么。"),
    Status.RECEIVED: _("%(seat)s正在核对材料，齐全就受理。您现在不用做什么。"),
    Status.CORRECTING: _("材料还不齐。请照《一次性告知书》补好，交到%(hall)s。"),
    Status.IN_PROGRESS: _("%(seat)s正在办理“%(step)s”。您现在不用做什么。"),
    Status.SUSPENDED: _("%(seat)s正在进行“%(step)s”，这几天依法不计入办理时限。"),
    Status.GRANTED: _("已经同意，%(seat)s正在制作结果。"),
    Status.READY: _("结果已经做好，在%(place)s。请带身份证去领，或等代办员送到。"),
    Status.REFUSED: _("没有批准。决定书在%(place)s，请带身份证去领，里面写着理由和不服怎么办。"),
    Status.DELIVERED: _("已经办结，结果%(day)s已经送达，不用再来。"),
    Status.DECLINED: _("没有受理。理由和该找哪个部门，请看不予受理决定书。"),
    Status.WITHDRAWN: _("已经撤回，不再办理。要办请重新提交。"),
}
_REFUSED_AND_DELIVERED = _("没有批准，决定书%(day)s已经送达，里面写着理由和不服怎么办。")
_ON_ITS_WAY = {
    Status.READY: _("结果已经做好，正在送往%(place)s。"),
    Status.REFUSED: _("没有批准。决定书正在送往%(place)s。"),
}
