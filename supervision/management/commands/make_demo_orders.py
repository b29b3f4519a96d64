"""`manage.py make_demo_orders`: invented supervision orders and urges in several states, for a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.domain.lifecycle import OPEN, Status
from applications.models import Application
from applications.rehearsal.people import demo_place
from applications.rehearsal.run import travel_to
from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.domain.worktime import SHANGHAI, day_of
from halls.models import Department, Hall, Level, User
from halls.scopes import staff_at
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.accept_reply import accept_reply
from supervision.actions.answer_urge import answer_urge
from supervision.actions.close_unrectified import close_unrectified
from supervision.actions.issue_order import Wanted, issue_order
from supervision.actions.reply_order import reply_order
from supervision.actions.send_back_reply import send_back_reply
from supervision.actions.urge import urge
from supervision.actions.withdraw_order import withdraw_order
from supervision.models import LimitWarning, SupervisionOrder

BASIS = "奉节县政务服务督办工作办法（示例）第五条"
IDLE = (Status.SUSPENDED, Status.CORRECTING)


class Command(BaseCommand):
    help = "为演示县生成几张不同状态的示例督办单和催办；只在演示和测试环境可用，已有督办单时不再生成。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以生成示例数据。"))
        county = Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True).order_by("code").first()
        if county is None or SupervisionOrder.objects.exists():
            return
        call_command("allow_time_travel")
        try:
            Scene(county).play()
        finally:
            travel_to(None)


class Scene:
    """The orders of the last two weeks, in the order in which their acts happened."""

    def __init__(self, county: Hall) -> None:
        place = demo_place(county)
        self.moment: Moment = read_moment()
        self.county, self.township, self.village, self.bureau = county, place.township, place.village, place.bureau
        self.supervisor = self._holder(county, Duty.SUPERVISE)
        self.director = self._holder(place.township, Duty.SUPERVISE)

    def play(self) -> None:
        """Issue, answer and verify; a county without cards or open cases has the others alone."""
        window = self._on(12, lambda: self._issue(self.township, "综合窗口中午无人值守", "抽查两次，均无人在岗。"))
        guides = self._on(11, lambda: self._issue(self.township, "公示的办事指南过期", "公示栏里有六份指南是上年的。"))
        self._on(10, lambda: reply_order(window.pk, actor=self.director, words="已排班，中午设AB角。"))
        self._on(9, lambda: accept_reply(window.pk, actor=self.supervisor, words="现场核对三天，均有人值守。"))
        self._on(9, lambda: reply_order(guides.pk, actor=self.director, words="已通知各窗口更换。"))
        self._on(9, lambda: self._issue(self.bureau, "退回件没有写明理由", "抽查五件退回件，三件没有写明理由和依据。"))
        # Somebody is to answer for it: this one opens a record of 责任追究.
        self._on(8, lambda: close_unrectified(guides.pk, actor=self.supervisor, words="复查时仍有四份没有更换。"))
        self._of_card()
        village = self._on(5, lambda: self._issue(self.village, "代办登记不全", "台账缺上月的登记。", by=self.director))
        head = self._holder(self.village, Duty.DECIDE)
        self._on(3, lambda: reply_order(village.pk, actor=head, words="已补登上月台账。"))
        self._on(2, lambda: send_back_reply(village.pk, actor=self.director, words="还缺下旬的三件。"))
        wrong = self._on(1, lambda: self._issue(self.county, "出件窗口排队过长", "上午等候超过一小时。"))
        self._on(1, lambda: withdraw_order(wrong.pk, actor=self.supervisor, words="已现场处理，不必书面回复。"))
        self._urge()

    def _of_card(self) -> None:
        """An order about a red card, answered, that waits to be verified."""
        cards = LimitWarning.objects.filter(level="red", effective_at__lt=self._day(6), seat_path__contains="/")
        card = cards.filter(application__path__startswith=self.township.path).order_by("-pk").first()
        if card is None:
            return
        wanted = Wanted(
            facts="这件超过承诺时限，已登记红牌。",
            demand="立即办理，查明原因，落实责任人，书面回复。",
            basis=BASIS,
            card=card.pk,
        )
        order = self._on(6, lambda: self._order(wanted))
        organ = Hall.objects.filter(path=order.organ_path).first() or Department.objects.get(path=order.organ_path)
        answerer = self._holder(organ, Duty(order.duty))
        self._on(4, lambda: reply_order(order.pk, actor=answerer, words="经查为交接遗漏，已办结并约谈承办人。"))

    def _urge(self) -> None:
        """Two cases that stand still are urged; one of those who were urged has answered."""
        waiting = Application.objects.filter(path__startswith=self.township.path, status__in=sorted(OPEN - {*IDLE}))
        first, second = [*waiting.exclude(seat_path="").order_by("late_at", "pk")[:2], None, None][:2]
        if first is not None:
            row = self._on(0, lambda: urge(first.number or "", actor=self.director, reason="临近到期，请抓紧办理。"))
            urged = acting_user(User.objects.get(pk=row.whom[0]["user"]))
            self._on(0, lambda: answer_urge(row.pk, actor=urged, words="材料已核完，今天提交审批。"))
        if second is not None:
            self._on(0, lambda: urge(second.number or "", actor=self.supervisor, reason="请说明卡在哪个环节。"))

    def _issue(self, organ: Hall | Department, title: str, facts: str, by: Actor | None = None) -> SupervisionOrder:
        demand = "查明原因，立即整改，落实责任人，书面回复并附材料。"
        return self._order(Wanted(facts=facts, demand=demand, basis=BASIS, organ=organ.code, title=title), by)

    def _order(self, wanted: Wanted, by: Actor | None = None) -> SupervisionOrder:
        return issue_order(wanted, actor=by or self.supervisor)

    def _on(self, days_ago: int, act: Callable[[], Any]) -> Any:
        """Do it at ten o'clock so many working days ago; 0 is now."""
        travel_to(self._day(days_ago) if days_ago else None)
        return act()

    def _day(self, days_ago: int) -> datetime:
        day = self.moment.calendar.shift_working(day_of(self.moment.at), -days_ago)
        return datetime.combine(day, time(10), SHANGHAI) + timedelta(minutes=12 - days_ago)

    def _holder(self, node: Hall | Department, duty: Duty) -> Actor:
        """Somebody who carries the duty on this very node today."""
        found = next(
            (post.user for post, duties in staff_at([node.path], day_of(self.moment.at)) if duty in duties), None
        )
        if found is None:
            raise CommandError(_("%(node)s没有%(duty)s岗位，做不成示例督办单。") % {"node": node.name, "duty": duty})
        return acting_user(found)
