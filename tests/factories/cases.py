"""`a_case(status=…)`: a case brought to a state by the real actions, by the people whose work it is.

Needs the seeded county (tests/seed.py). Traits: draft, submitted, received, correcting, declined, withdrawn, accepted
(at its first step), suspended, at_decision, granted, refused, ready, on_its_way, delivered.
"""

from __future__ import annotations

import io
import itertools
from functools import cache

from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone
from PIL import Image

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.decline import decline
from applications.actions.deliver import Handing, deliver
from applications.actions.draft import draft
from applications.actions.fill import Particulars, fill_applicant
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.refuse import refuse
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.submit import submit
from applications.actions.suspend import suspend
from applications.actions.withdraw import withdraw
from applications.domain.identity import resident_check_digit
from applications.domain.lifecycle import STEP_DUTY, Status, StepKind
from applications.models import Application, ApplicationStep
from applications.sealing import query_code, query_token
from applications.selectors.position import position_of
from halls.acting import Actor, acting_user
from halls.domain.duties import POST_DUTIES, Duty
from halls.models import Post
from tests.factories.halls import GAOQIAO

HOMESTEAD = "NY-003"
TRAITS = (
    "draft", "submitted", "received", "correcting", "declined", "withdrawn", "accepted", "suspended", "at_decision",
    "granted", "refused", "ready", "on_its_way", "delivered",
)  # fmt: skip
_serials = itertools.count(1)


def an_id_number(born: str = "") -> str:
    """A made-up person of the impossible region 99, with a right check digit."""
    serial = next(_serials)
    first = f"990000{born or f'{1940 + serial % 60}0101'}{serial % 1000:03d}"
    return first + resident_check_digit(first)


@cache
def a_picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (240, 80), "white").save(kept, "PNG")
    return kept.getvalue()


def holder_of(duty: str, path: str, *, but: str = "") -> Actor:
    """Whoever holds the duty nearest to the path; `but` is the person code of somebody who must not do it."""
    parts = path.split("/")[:-1]
    prefixes = ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
    kinds = [kind for kind, duties in POST_DUTIES.items() if duty in duties and kind != "system"]
    today = timezone.localdate()
    nearest = (
        Post.objects.filter(Q(hall__path__in=prefixes) | Q(department__path__in=prefixes), kind__in=kinds)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, user__is_active=True)
        .exclude(user__person_code=but)
        .select_related("user")
        .annotate(depth=Length("hall__path"), depth_of_department=Length("department__path"))
        .order_by("-depth_of_department", "-depth", "pk")
    )
    posts = sorted(nearest, key=lambda post: -(post.depth_of_department or post.depth))
    assert posts, f"nobody holds {duty} at {path}"
    return acting_user(posts[0].user)


def a_case(
    status: str = "submitted",
    *,
    matter: str = HOMESTEAD,
    village: str = GAOQIAO,
    name: str = "张大山",
    id_number: str = "",
    phone: str = "13800138000",
) -> Application:
    """Return a case in this state, filed in this hall (of any tier that takes the matter in)."""
    assert status in TRAITS, status
    clerk = _clerk_of(village)
    case = draft(actor=clerk, matter_code=matter, hall_code=village)
    fill_applicant(case.pk, Particulars(name, id_number or an_id_number(), phone, "一组 1 号"), actor=clerk)
    if status == "draft":
        return _fresh(case)
    case = submit(case.pk, actor=clerk)
    if status == "withdrawn":
        return withdraw(case.pk, actor=clerk, reason="申请人不再需要")
    if status != "submitted":
        _at_the_window(case, status)
    if _fresh(case).status == Status.IN_PROGRESS:
        _on_the_way(case, status)
    if _fresh(case).status == Status.GRANTED and status != "granted":
        _after_the_decision(case, status)
    return _fresh(case)


def code_of(case: Application) -> str:
    """The query code on the receipt."""
    assert case.number
    return query_code(case.number)


def token_of(case: Application) -> str:
    """What the QR code on the receipt holds."""
    assert case.number
    return query_token(case.number)


def _clerk_of(code: str) -> Actor:
    posts = Post.objects.filter(hall__code=code, kind__in=("village_clerk", "window_clerk")).order_by("pk")
    return acting_user(posts.select_related("user")[0].user)


def _fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def all_ok(case: Application) -> dict[int, Finding]:
    return {line.seq: Finding("ok") for line in case.materials.all()}


def _at_the_window(case: Application, status: str) -> None:
    window = holder_of(Duty.ACCEPT, case.accept_path)
    receive(case.pk, actor=window)
    if status == "received":
        return
    if status == "correcting":
        request_correction(case.pk, {1: Finding("missing", "缺申请表")}, actor=window)
    elif status == "declined":
        decline(case.pk, actor=window, reason="应向县局申请", reason_class="not_competent", competent_organ="县林业局")
    else:
        accept(case.pk, all_ok(case), actor=window)


def _on_the_way(case: Application, status: str) -> None:
    """Work the steps up to the decision, or stop where the trait says."""
    while (case := _fresh(case)).status == Status.IN_PROGRESS and status != "accepted":
        step = position_of(case).current
        assert step is not None
        actor = _worker_at(step, case)
        if step.kind == StepKind.SPECIAL:
            suspend(case.pk, actor=actor, was_told=True)
            if status == "suspended":
                return
            resume(case.pk, actor=actor, note="无异议")
            pass_on(case.pk, actor=actor)
        elif not step.is_final_decision:
            pass_on(case.pk, actor=actor, opinion="符合条件")
        elif status == "at_decision":
            return
        elif status == "refused":
            refuse(case.pk, actor=actor, reason="不符合一户一宅")
        else:
            grant(case.pk, actor=actor)


def _worker_at(step: ApplicationStep, case: Application) -> Actor:
    duty = STEP_DUTY[StepKind(step.kind)]
    return holder_of(duty, step.path, but=case.accepted_person if duty == Duty.DECIDE else "")


def _after_the_decision(case: Application, status: str) -> None:
    while (step := position_of(_fresh(case)).current) is not None and step.is_after_decision:
        pass_on(case.pk, actor=_worker_at(step, case))
    case = _fresh(case)
    issuer = holder_of(Duty.ISSUE, case.result_path)
    make_result(case.pk, actor=issuer)
    if status == "on_its_way":
        hand_over(case.pk, actor=issuer, to_hall=case.hall.code)
    elif status == "delivered":
        deliver(
            case.pk,
            Handing("counter", case.applicant.name if case.applicant else "", "本人", a_picture()),
            actor=issuer,
        )
