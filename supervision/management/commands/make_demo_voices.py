"""`manage.py make_demo_voices`: invented complaints and inquiries in every state, for a demonstration county.

Told to the county at moments of the last three weeks by the real actions, so that some are late, as the owner of the
database (allow_time_travel). A county that has any is left alone.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.models import Application
from applications.rehearsal.run import travel_to
from halls.acting import Actor, acting_user
from halls.domain.duties import PostKind
from halls.domain.worktime import ONE_DAY
from halls.models import Hall, Level, Post
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_voice import answer_voice
from supervision.actions.close_voice import close_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.investigate_voice import investigate_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.publish_answer import publish_answer
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.release_summary import release_summary
from supervision.domain.voices import Kind
from supervision.models import Voice

ASKED = "申请之前要在村里先公示吗？公示多少天？"
TOLD = "不用您自己公示。材料交齐受理后，由乡镇安排，时间不计入承诺时限。"


class Command(BaseCommand):
    help = "为演示县生成几件示例投诉、咨询和「多次跑」反映；只在演示和测试环境可用，已有的不再生成。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以生成示例数据。"))
        if Voice.objects.exists():
            return
        case = Application.objects.filter(number__isnull=False, hall__tier=Level.VILLAGE).order_by("pk").first()
        if case is None:
            return
        call_command("allow_time_travel")
        try:
            made = Scenes(case).play()
        finally:
            travel_to(None)
        if options["verbosity"]:
            self.stdout.write(_("示例投诉和咨询：%(n)d 件") % {"n": made})


class Scenes:
    """What was said around one village and its township, and what became of it."""

    def __init__(self, case: Application) -> None:
        self.case, self.village = case, case.hall
        township = case.hall.parent
        assert township is not None  # a village has one
        self.township: Hall = township
        self.now = read_moment()
        county = Hall.objects.get(path=township.path.split("/", 1)[0] + "/")
        self.director = _holder(township, PostKind.SUPERVISOR)
        self.supervisor = _holder(county, PostKind.SUPERVISOR)
        self.window = _holder(township, PostKind.WINDOW_CLERK)

    def play(self) -> int:
        """Tell them all; returns how many there are."""
        for scene in (
            self._closed,
            self._refused,
            self._answered,
            self._late,
            self._extended,
            self._asked,
            self._fresh,
        ):
            scene()
        return Voice.objects.count()

    def _go(self, days: int, hour: int) -> None:
        """So many working days ago, at this hour."""
        day = _working_days_ago(self.now, days)
        travel_to(day.replace(hour=hour, minute=20))

    def _say(self, kind: Kind, words: str, hall: Hall, **more: Any) -> str:
        said = Lodging(kind=kind, words=words, hall=hall.code, **more)
        return lodge_voice(said, key=uuid4(), client=f"demo-{kind.value}").number

    def _closed(self) -> None:
        self._go(12, 9)
        number = self._say(Kind.COMPLAINT, "赶场天上午去村服务点，门锁着没有人，问了隔壁说去开会了。", self.village)
        self._go(12, 15)
        accept_voice(number, actor=self.director)
        investigate_voice(number, actor=self.director, words="查看值班表，当天确实没有安排人顶班。")
        self._go(10, 10)
        answer_voice(number, actor=self.director, words="情况属实。已安排 B 角，赶场天必须有人值守。", result="upheld")
        close_voice(number, actor=self.director, way="page")

    def _refused(self) -> None:
        self._go(9, 10)
        number = self._say(Kind.COMPLAINT, "对不予许可的决定不服，已经向法院起诉，要求换人重新办理。", self.township)
        self._go(9, 16)
        way = "有管辖权的人民法院，行政诉讼"
        refuse_voice(number, actor=self.supervisor, ground="other_channel", reason="同一事项正在诉讼中。", instead=way)

    def _answered(self) -> None:
        self._go(8, 9)
        number = self._say(Kind.INQUIRY, ASKED, self.township, matter=self.case.matter.code)
        self._go(7, 11)
        answer_voice(number, actor=self.window, words=TOLD)
        publish_answer(number, actor=self.window, question=ASKED, answer=TOLD)

    def _late(self) -> None:
        self._go(6, 10)
        number = self._say(
            Kind.REPEAT,
            "第一次说缺户口簿复印件，第二次说复印件要盖章，第三次才收下。",
            self.village,
            case_number=self.case.number or "",
            trips=3,
        )
        self._go(5, 9)
        accept_voice(number, actor=self.director)

    def _extended(self) -> None:
        self._go(4, 9)
        number = self._say(Kind.COMPLAINT, "窗口的人说话很难听，还把材料扔回来，旁边好几个人都看见了。", self.township)
        self._go(4, 14)
        accept_voice(number, actor=self.supervisor)
        release_summary(number, actor=self.supervisor, summary="反映综合窗口有人服务态度差，请说明当日值班情况。")
        self._go(2, 10)
        extend_voice(number, actor=self.supervisor, days=7, reason="需要找当天在场的群众核实。")

    def _asked(self) -> None:
        self._go(3, 11)
        self._say(Kind.INQUIRY, "老人行动不便，能不能由子女代办，要带什么？", self.village)

    def _fresh(self) -> None:
        self._go(1, 16)
        self._say(Kind.COMPLAINT, "打村服务点公布的电话，一个星期都没有人接。", self.village)


def _holder(place: Hall, kind: PostKind) -> Actor:
    post = Post.objects.filter(hall=place, kind=kind, ends_on__isnull=True).select_related("user").order_by("pk")[0]
    return acting_user(post.user)


def _working_days_ago(now: Moment, days: int) -> Any:
    day = now.at
    while days:
        day -= ONE_DAY
        days -= now.calendar.is_working(day.date())
    return day
