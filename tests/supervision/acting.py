"""A county of December 2026 in which people order, urge, complain, ask and rate, and some never answer.

`winter(county)` tells it in order and stops at every moment that is worth a count: midnight, the end of a month and of
the year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from applications.actions.accept import accept as accept_case
from applications.actions.deliver import Handing, deliver
from applications.actions.grant import grant
from applications.actions.make_result import make_result
from applications.actions.receive import receive
from halls.domain.duties import PostKind
from supervision.actions._put_rating import Opinion
from supervision.actions.accept_voice import accept_voice
from supervision.actions.answer_rater import answer_rater
from supervision.actions.answer_voice import answer_voice
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.close_voice import close_voice
from supervision.actions.contact_rater import contact_rater
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.extend_voice import extend_voice
from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rate import rate
from supervision.actions.record_call import Answers, record_call
from supervision.actions.rectify import rectify
from supervision.actions.refuse_voice import refuse_voice
from supervision.actions.revisit_rater import revisit_rater
from supervision.actions.show_phone import show_raters_phone
from supervision.actions.urge import urge
from supervision.actions.verify_rating import Held, verify_rating
from supervision.domain.voices import Kind
from supervision.models import Callback, SupervisionOrder
from tests.factories.calendar import publish_2027
from tests.factories.halls import person_in_post
from tests.factories.ratings import rating_token
from tests.supervision import ordering
from tests.supervision.county import County, at
from tests.supervision.voices import lodged

BAD = ("115",)


def winter(county: County) -> Iterator[str]:
    """Act it all; yields the moment at which to count."""
    publish_2027()
    county.people["second"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    county.people["bureau_window"] = person_in_post(PostKind.WINDOW_CLERK, county.bureau)
    scenes = (Orders(county), Voices(county), Ratings(county))
    for moment in MOMENTS:
        at(moment)
        for scene in scenes:
            scene.play(moment)
        yield moment


MOMENTS = (
    "2026-11-30 10:00", "2026-12-01 10:00", "2026-12-02 09:00", "2026-12-03 16:00", "2026-12-04 23:59:59",
    "2026-12-05 00:00", "2026-12-08 23:59:59", "2026-12-09 00:00", "2026-12-11 11:00", "2026-12-14 09:00",
    "2026-12-16 15:00", "2026-12-21 10:00", "2026-12-25 10:00", "2026-12-31 23:59:59", "2027-01-01 00:00",
    "2027-01-08 10:00", "2027-01-31 23:59:59", "2027-02-01 00:00",
)  # fmt: skip


class Scene:
    """What happens at each moment, by the method named after its day: `on_12_01_10` at 2026-12-01 10:00."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.kept: dict[str, Any] = {}

    def play(self, moment: str) -> None:
        day, hour = moment[5:10].replace("-", "_"), moment[11:13]
        method = getattr(self, f"on_{day}_{hour}", None)
        if method is not None:
            method()

    def actor(self, name: str) -> Any:
        return self.county.actor(name)


class Orders(Scene):
    """In time, late, extended, sent back, unrectified after a reply and after silence, withdrawn, never answered."""

    def issue(self, name: str, organ: Any, title: str = "", **more: Any) -> None:
        self.kept[name] = ordering.issue(self.county, organ, title=title or name, **more)

    def order(self, name: str) -> SupervisionOrder:
        return SupervisionOrder.objects.get(pk=self.kept[name].pk)

    def on_11_30_10(self) -> None:
        self.issue("十一月签发的", self.county.townships[1])

    def on_12_01_10(self) -> None:
        east, west = self.county.townships
        self.issue("按时", east)
        self.issue("超期", west)
        self.issue("延期", self.county.bureau)
        self.issue("退回", self.county.villages[0], by="director0")
        self.issue("未整改", self.county.villages[1], by="director1")
        self.issue("不回复", self.county.station)
        self.issue("撤回", self.county.hall)
        self.issue("没有人理", east)
        ordering.withdraw(self.county, self.order("撤回"))
        case = self.county.accepted(self.county.matter(promised=30), 1)
        self.kept["case"] = case
        self.issue("办件", None, case=str(case.number))
        urge(str(case.number), actor=self.actor("director1"), reason="已近到期")
        urge(str(case.number), actor=self.actor("supervisor"), reason="已近到期")

    def on_12_03_16(self) -> None:
        ordering.reply(self.county, self.order("按时"))
        ordering.reply(self.county, self.order("退回"), by="approver0")
        ordering.reply(self.county, self.order("未整改"), by="approver1")

    def on_12_04_23(self) -> None:
        ordering.accept(self.county, self.order("按时"))

    def on_12_08_23(self) -> None:
        ordering.extend(self.county, self.order("延期"), days=3)
        ordering.reply(self.county, self.order("十一月签发的"), by="director1")

    def on_12_09_00(self) -> None:
        ordering.reply(self.county, self.order("超期"), by="director1")
        ordering.send_back(self.county, self.order("退回"), by="director0")

    def on_12_11_11(self) -> None:
        ordering.reply(self.county, self.order("延期"), by="bureau_approver")

    def on_12_21_10(self) -> None:
        ordering.reply(self.county, self.order("退回"), by="approver0")  # the first in time, this one late

    def on_12_31_23(self) -> None:
        ordering.give_up(self.county, self.order("未整改"), by="director1")
        ordering.accept(self.county, self.order("退回"), by="director0")
        urge(str(self.kept["case"].number), actor=self.actor("supervisor"), reason="年底了")
        self.issue("跨年", self.county.bureau, title="跨年")

    def on_01_01_00(self) -> None:
        ordering.give_up(self.county, self.order("不回复"))
        ordering.send_back(self.county, self.order("超期"))
        urge(str(self.kept["case"].number), actor=self.actor("supervisor"), reason="新年")

    def on_01_31_23(self) -> None:
        ordering.reply(self.county, self.order("超期"), by="director1")
        ordering.accept(self.county, self.order("延期"))

    def on_02_01_00(self) -> None:
        ordering.accept(self.county, self.order("超期"))


class Voices(Scene):
    """In time, late, extended and kept, refused, handed up, against the director by name; asked and answered."""

    def say(self, name: str, place: Any, kind: Kind = Kind.COMPLAINT, **said: Any) -> None:
        self.kept[name] = lodged(place, kind, client=f"203.0.113.{len(self.kept)}", **said).number

    def accept(self, name: str, who: str = "supervisor") -> None:
        accept_voice(self.kept[name], actor=self.actor(who))

    def answer(self, name: str, who: str = "supervisor", result: str = "upheld") -> None:
        answer_voice(self.kept[name], actor=self.actor(who), words="已经查清，已经改正。", result=result)

    def on_11_30_10(self) -> None:
        self.say("十一月的", self.county.villages[0])
        self.accept("十一月的", "director0")

    def on_12_01_10(self) -> None:
        county = self.county
        (east, west), (village, other) = county.townships, county.villages
        self.say("按时", village)
        self.say("超期", other)
        self.say("延期", east)
        self.say("不予受理", county.bureau)
        self.say("转上一级", village)
        self.say("多次跑", other, Kind.REPEAT, matter=county.matter().code)
        self.say("点名", village, accused_person=county.people["director0"].full_name)
        self.say("大厅", county.hall)
        self.say("问窗口", west, Kind.INQUIRY)
        self.say("问部门", county.bureau, Kind.INQUIRY)
        self.say("问村里", village, Kind.INQUIRY)
        self.say("没人答", other, Kind.INQUIRY)
        for name, who in (("按时", "director0"), ("超期", "director1"), ("延期", "supervisor"), ("点名", "second")):
            self.accept(name, who)

    def on_12_02_09(self) -> None:
        refuse_voice(self.kept["不予受理"], actor=self.actor("supervisor"), ground="no_evidence", reason="没有凭据")
        extend_voice(self.kept["延期"], actor=self.actor("supervisor"), days=12, reason="要找人核实")
        hand_up_voice(self.kept["转上一级"], actor=self.actor("director0"), reason="涉及本人")
        hand_up_voice(self.kept["问村里"], actor=self.actor("clerk0"), reason="村里答不了")
        self.answer("问窗口", "window1", "")

    def on_12_03_16(self) -> None:
        self.answer("十一月的", "director0", "unfounded")

    def on_12_04_23(self) -> None:
        self.answer("按时", "director0", "partly")

    def on_12_05_00(self) -> None:
        self.answer("超期", "director1", "upheld")
        close_voice(self.kept["按时"], actor=self.actor("director0"), way="phone")

    def on_12_08_23(self) -> None:
        self.answer("问村里", "window0", "")

    def on_12_09_00(self) -> None:
        self.answer("问部门", "bureau_examiner", "")

    def on_12_21_10(self) -> None:
        self.answer("延期", "supervisor", "unfounded")

    def on_12_31_23(self) -> None:
        self.accept("转上一级", "second")
        self.say("年底的", self.county.townships[0])

    def on_01_01_00(self) -> None:
        self.answer("转上一级", "second", "partly")
        self.say("新年问", self.county.townships[0], Kind.INQUIRY)

    def on_01_31_23(self) -> None:
        self.accept("多次跑", "director1")
        self.answer("点名", "second")


class Ratings(Scene):
    """Five levels; bad ones in every stage, by the bureau too; a malicious one left out, another upheld; call-backs."""

    def ended(self, place: int = 0) -> Any:
        county = self.county
        return county.delivered(county.granted(county.accepted(self.matter, place), place), place)

    def of_bureau(self) -> Any:
        """A case that the bureau itself accepts: what is bad about it the bureau puts right."""
        county = self.county
        desk = {"level": "county", "actor": county.bureau.organ}
        matter = county.matter(promised=10, steps=[{"kind": "accept", **desk}, {"kind": "decide", "days": 5, **desk}])
        case = county.filed(matter, 0)
        receive(case.pk, actor=self.actor("bureau_window"))
        accept_case(case.pk, {}, actor=self.actor("bureau_window"))
        grant(case.pk, actor=self.actor("bureau_approver"))
        make_result(case.pk, actor=self.actor("county_window"))
        handing = Handing(way="post", receiver="王小示", tracking_number="X1")
        return deliver(case.pk, handing, actor=self.actor("county_window"))

    def rated(self, name: str, level: int, place: int = 0, case: Any = None, **from_where: str) -> None:
        case = case or self.ended(place)
        details = BAD if level == 1 else ("214",) if level == 2 else ()
        number = str(case.number)
        self.kept[name] = rate(
            number, rating_token(number), Opinion(level, "qr", details, "", **from_where), actor=None
        ).pk

    def act(self, name: str, act: Any, who: str = "director0", **said: Any) -> None:
        if act in (contact_rater, revisit_rater):
            show_raters_phone(self.kept[name], actor=self.actor(who))
        act(self.kept[name], actor=self.actor(who), **said)

    def reached(self, name: str, who: str = "director0") -> None:
        self.act(name, contact_rater, who, is_reached=True, note="本人接听")

    def verified(self, name: str, who: str = "director0", *, is_valid: bool = True, seat: str = "") -> None:
        held = Held(seat, "办那一段的是它") if seat else None
        public = "" if is_valid else "调看监控，没有依据"
        self.act(name, verify_rating, who, is_valid=is_valid, note="调看监控核实", held=held, shown=public)

    def on_11_30_10(self) -> None:
        self.matter = self.county.matter()
        self.rated("十一月的", 2)
        for _ in range(2):
            self.ended(1)  # never rated

    def on_12_01_10(self) -> None:
        for level in (5, 4, 3):
            self.rated(f"好 {level}", level, level % 2)
        for name in ("不联系", "整改中", "超期整改", "办完", "没有依据", "等确认", "打不通", "维持", "恶意"):
            self.rated(name, 1)
        self.rated("西镇", 2, 1)
        self.rated("部门", 1, case=self.of_bureau())
        for number in range(4):
            self.rated(f"刷的 {number}", 5, 1, device="d", client="c")
        self.act("恶意", appeal_rating, "clerk0", reason="评错了地方")
        self.act("维持", appeal_rating, "clerk0", reason="像是误点")

    def on_12_02_09(self) -> None:
        for name in ("整改中", "超期整改", "办完", "没有依据", "等确认", "维持", "部门"):
            self.reached(name)
        for name in ("整改中", "超期整改", "办完"):
            self.verified(name)
        east = self.county.townships[0].path
        self.verified("维持", seat=east)
        self.verified("部门", seat=self.county.bureau.path)
        self.verified("没有依据", is_valid=False)
        self.verified("等确认", is_valid=False)  # nobody else ever confirms it
        for _ in range(3):
            self.act("打不通", contact_rater, is_reached=False, note="没有人接")
            self._half_an_hour_later()
        self.act("恶意", decide_appeal, "supervisor", is_excluded=True, reason="同行刷的差评")

    def _half_an_hour_later(self) -> None:
        self.calls = getattr(self, "calls", 0) + 1
        at(f"2026-12-02 {9 + self.calls // 2:02d}:{30 * (self.calls % 2):02d}")

    def on_12_03_16(self) -> None:
        self.act("维持", decide_appeal, "supervisor", is_excluded=False, reason="没有证据")
        self.act("没有依据", answer_rater, "supervisor", is_explained=True, note="已说明依据")
        self.reached("西镇", "director1")

    def on_12_04_23(self) -> None:
        self.act("办完", rectify, "clerk0", note="当面道歉")
        self.act("办完", answer_rater, is_explained=False, note="已告知整改")
        self.act("整改中", extend_rectification, days=3, reason="等部门派人")

    def on_12_05_00(self) -> None:
        self.act("办完", revisit_rater, "supervisor", is_content=True, note="群众认可")

    def on_12_08_23(self) -> None:
        draw_callbacks(seed="2026")
        self.call_one(is_reached=True, has_paid=True)
        self.act("部门", rectify, "bureau_examiner", note="窗口已改")
        self.act("办完", appeal_rating, "clerk0", reason="后来查明是同行")  # before it is closed; decided afterwards
        self.act("办完", publish_rating, account="群众反映态度差，已整改")

    def call_one(self, *, is_reached: bool, has_paid: bool = False) -> None:
        one = Callback.objects.exclude(calls__is_reached=True).order_by("pk")[0]
        said = Answers(was_served=True, has_papers=True, has_paid=has_paid, note="收了 20 元" if has_paid else "好")
        record_call(one.pk, actor=self.actor("supervisor"), is_reached=is_reached, answers=said)

    def on_12_11_11(self) -> None:
        self.act("超期整改", rectify, "clerk0", note="已经改了")
        self.act("超期整改", answer_rater, is_explained=False, note="已告知")
        self.act("部门", answer_rater, is_explained=False, note="已告知")

    def on_12_14_09(self) -> None:
        draw_callbacks(seed="2026")
        self.act("十一月的", appeal_rating, "clerk0", reason="评价人说点错了")

    def on_12_21_10(self) -> None:
        self.call_one(is_reached=False)
        self.act("超期整改", revisit_rater, "supervisor", is_content=False, note="还是慢")

    def on_12_31_23(self) -> None:
        self.verified("打不通")
        self.rated("年底", 1, 1)
        self.rated("年底好评", 5)

    def on_01_01_00(self) -> None:
        self.act("办完", decide_appeal, "supervisor", is_excluded=True, reason="查明恶意")
        self.act("部门", revisit_rater, "supervisor", is_content=True, note="满意")
        self.act("维持", rectify, "window0", note="已整改")
        for _ in range(2):
            self.ended()  # rated late, or never

    def on_01_31_23(self) -> None:
        self.act("打不通", rectify, "clerk0", note="已整改")
