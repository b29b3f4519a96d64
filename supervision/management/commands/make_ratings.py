"""`manage.py make_ratings`: invented ratings of a demonstration county, bad ones in every stage, by the real actions.

Runs on the owner's connection, whose clock is shifted (allow_time_travel), after make_demo.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions.draw_rating_ticket import draw_rating_ticket
from applications.domain.lifecycle import Status
from applications.models import Application
from applications.rehearsal.run import travel_to
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.errors import DomainError
from halls.scopes import staff_at
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.contact_rater import contact_rater
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rate import rate
from supervision.actions.record_call import Answers, record_call
from supervision.actions.rectify import rectify
from supervision.actions.revisit_rater import revisit_rater
from supervision.actions.show_phone import show_raters_phone
from supervision.actions.verify_rating import verify_rating
from supervision.domain.ratings import DETAILS, Channel, superior_of
from supervision.models import Callback, Rating

MOST: Final = 120
LOOKED_BACK: Final = timedelta(days=120)
# Of every twelve cases one is not rated; the rest as here.
LEVELS: Final = (5, 5, 4, 2, 5, 3, 4, 1, 5, 4, 5, 0)
STORIES: Final = ("open", "contacted", "rectifying", "closed", "explained", "appealed", "excluded")
WORDS: Final = {1: "去了三趟才办好", 2: "窗口说法前后不一样", 3: "还可以", 4: "讲得清楚", 5: "代办员送到家里，很方便"}
Doing = Callable[[], object]


class Command(BaseCommand):
    help = "为演示县生成示例评价和回访；只在演示和测试环境可用，已有评价时不再生成。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以生成示例数据。"))
        if Rating.objects.exists():
            return
        call_command("allow_time_travel")
        now = read_moment().at
        try:
            made = _rate(now)
        finally:
            travel_to(None)
        draw_callbacks()
        _call_some()
        self.stdout.write(_("示例评价：新增 %(made)d 条") % {"made": made})


def _rate(now: datetime) -> int:
    ended = Application.objects.filter(status=Status.DELIVERED, ended_at__gte=now - LOOKED_BACK)
    cases = list(ended.select_related("hall", "filed_by").order_by("pk")[:MOST])
    made = bad = 0
    for place, case in enumerate(cases):
        level, at = LEVELS[place % len(LEVELS)], case.ended_at
        assert at is not None  # delivered
        at += timedelta(hours=2)
        if not level or at > now:
            continue
        travel_to(at)
        chosen = random.Random(case.pk)  # noqa: S311 - believable, not secret
        details = tuple(chosen.sample(sorted(DETAILS[level]), 1))
        channel = chosen.choice((Channel.QR, Channel.WEB, Channel.TABLET))
        text = WORDS[level] if chosen.random() < 0.5 else ""
        number, opinion = case.number or "", Opinion(level, channel, details, text)
        code = draw_rating_ticket(case.pk, actor=acting_user(case.filed_by))
        rating = rate(number, code, opinion, actor=None)
        made += 1
        if rating.is_bad:
            _go_on(rating, STORIES[bad % len(STORIES)], at, now)
            bad += 1
    return made


def _go_on(rating: Rating, story: str, at: datetime, now: datetime) -> None:
    """Take a bad rating as far as its story, and the present, allow."""
    above, own = _holder(Duty.SUPERVISE, superior_of(rating.path)), _holder(Duty.ISSUE, rating.path)
    county = _holder(Duty.SUPERVISE, rating.path.split("/")[0] + "/")
    if above is None or own is None or county is None:
        return
    vouching = _holder(Duty.SUPERVISE, rating.path.split("/")[0] + "/", but=above) or county
    for act in _acts(rating.pk, story, above, own, vouching):
        at += timedelta(hours=20)
        if at > now:
            return
        travel_to(at)
        try:
            act()
        except DomainError:  # whoever stands above has worked on this very case: it stays where it is
            return


def _acts(pk: int, story: str, above: Actor, own: Actor, vouching: Actor) -> Iterator[Doing]:
    if story in ("appealed", "excluded"):
        yield lambda: appeal_rating(pk, actor=own, reason="评价人说的是另一个窗口的事")
        if story == "excluded":
            yield lambda: decide_appeal(pk, actor=vouching, is_excluded=True, reason="电话核实，评价人确认评错了大厅")
        return
    if story == "open":
        return
    yield lambda: _called(pk, above, contact_rater, is_reached=True, note="本人接听，说明了经过")
    if story == "explained":
        public = "查看记录，按办事指南收取材料，没有多要"
        yield lambda: verify_rating(pk, actor=above, is_valid=False, note="调看了收件时的录像", shown=public)
        yield lambda: answer_rater(pk, actor=vouching, is_explained=True, note="已说明依据，评价人理解")
    if story in ("rectifying", "closed"):
        yield lambda: verify_rating(pk, actor=above, is_valid=True, note="查看记录，一次没有说清材料，情况属实")
    if story == "closed":
        yield lambda: rectify(pk, actor=own, note="已道歉；材料清单贴在窗口，逐项勾选后交给群众")
        yield lambda: answer_rater(pk, actor=above, is_explained=False, note="电话告知整改情况")
        yield lambda: _called(pk, vouching, revisit_rater, is_content=True, note="评价人表示认可")
        yield lambda: publish_rating(pk, actor=above, account="反映材料没有一次说清。已道歉，改用逐项勾选的材料清单。")


def _called(pk: int, actor: Actor, write_down: Callable[..., object], **said: Any) -> None:
    """Whoever calls looks at the number first."""
    show_raters_phone(pk, actor=actor)
    write_down(pk, actor=actor, **said)


def _holder(duty: Duty, path: str, *, but: Actor | None = None) -> Actor | None:
    for post, duties in staff_at([path], timezone.localdate()):
        if duty in duties and (but is None or post.user_id != but.user_id):
            return acting_user(post.user)
    return None


def _call_some() -> None:
    """Every second villager of the newest sample has been called."""
    for callback in Callback.objects.order_by("pk")[::2]:
        caller = _holder(Duty.SUPERVISE, superior_of(callback.path))
        if caller is not None:
            said = Answers(was_served=True, has_papers=True, has_paid=False, note="本人接听")
            record_call(callback.pk, actor=caller, is_reached=True, answers=said)
