"""总体情况: what a week or a month amounts to, a sentence for each subject, in the words of official papers. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from supervision.domain.columns import BY_KEY, COMPLAINTS, INQUIRIES, ORDERS, RATINGS, RECTIFYING, Section
from supervision.domain.periods import Period, PeriodKind
from supervision.domain.statistics import Line, moved_words

UNITS = {"received": "件", "finished": "件", "orders_issued": "张", "complaints": "件", "rated": "条"}


def summary(period: Period, total: Line, earlier: Line) -> list[str]:
    """The paragraphs: cases, limits, cards, what is still open, orders, complaints and inquiries, ratings."""
    is_week = period.kind is PeriodKind.WEEK
    told = _Told(total, earlier, "本周" if is_week else "本月", "上周" if is_week else "上月")
    return [*_cases(told), _orders(told), *_voices(told), *_ratings(told)]


@dataclass(frozen=True)
class _Told:
    total: Line
    earlier: Line
    span: str
    before: str

    def __call__(self, key: str) -> str:
        return self.total.text(BY_KEY[key])

    def moved(self, key: str) -> str:
        """较上月增加 3 件（+12.5%）."""
        words = moved_words(BY_KEY[key], self.total, self.earlier)
        unit = UNITS.get(key, "")
        if unit and words.startswith(("增加", "减少")):
            number, bracket, share = words.partition("（")
            words = f"{number} {unit}{bracket}{share}"
        return f"较{self.before}{words}"

    def is_nothing(self, *sections: Section) -> bool:
        return not any(self.total.counts.get(column.key) for section in sections for column in section.counted)

    def fell_due(self, key: str, what: str, unit: str = "件") -> str:
        """有办理期限到期的 5 件，其中按时 3 件，到期按时率 60.0%; empty where nothing fell due."""
        if not self.total.counts.get(f"{key}due"):
            return f"没有{what}的"
        return (
            f"有{what}的 {self(f'{key}due')} {unit}，其中按时 {self(f'{key}due_in_time')} {unit}，"
            f"到期按时率 {self(f'{key}due_rate')}"
        )


def _cases(n: _Told) -> list[str]:
    lines = [
        f"{n.span}全县收件 {n('received')} 件，受理 {n('accepted')} 件，作出决定 {n('finished')} 件；"
        f"收件{n.moved('received')}，作出决定的{n.moved('finished')}。",
        f"其中按时决定 {n('on_time')} 件，超期决定 {n('late')} 件，按时决定率 {n('on_time_rate')}，"
        f"提前决定率 {n('early_rate')}；"
        f"平均承诺 {n('promised_mean')} 个工作日，平均用时 {n('used_mean')} 个工作日。",
        f"记录预警 {n('warnings')} 条，发黄牌 {n('yellow')} 张、红牌 {n('red')} 张；"
        f"撤销黄牌 {n('yellow_revoked')} 张、红牌 {n('red_revoked')} 张（按撤销日计）。",
        f"{n.fell_due('', '承诺期限到期')}；期末在办 {n('open')} 件，其中期末超期在办 {n('open_overdue')} 件。",
    ]
    if not n.total.counts.get("finished"):
        lines[1] = f"{n.span}没有作出决定的办件。"
    return lines


def _orders(n: _Told) -> str:
    if n.is_nothing(ORDERS):
        return f"{n.span}没有督办和催办。"
    return (
        f"{n.span}签发督办单 {n('orders_issued')} 张，{n.moved('orders_issued')}；"
        f"承办单位回复 {n('orders_replied')} 次，其中按时 {n('orders_in_time')} 次，"
        f"逾期未回复 {n('orders_overdue')} 次；{n.fell_due('orders_', '回复期限到期', '次')}；"
        f"核验办结 {n('orders_closed')} 张，未整改 {n('orders_unrectified')} 张，撤回 {n('orders_withdrawn')} 张，"
        f"期末未了结 {n('orders_open')} 张，其中超期未回复 {n('orders_unanswered')} 张；催办 {n('urges')} 次。"
    )


def _voices(n: _Told) -> list[str]:
    if n.is_nothing(COMPLAINTS, INQUIRIES):
        return [f"{n.span}没有投诉和咨询。"]
    return [
        f"{n.span}收到投诉 {n('complaints')} 件（其中「多次跑」反映 {n('repeats')} 件），{n.moved('complaints')}；"
        f"受理 {n('complaints_accepted')} 件，不予受理 {n('complaints_refused')} 件；"
        f"答复 {n('complaints_answered')} 件，其中按时 {n('complaints_in_time')} 件、"
        f"超期 {n('complaints_late')} 件，查实 {n('complaints_upheld')} 件；"
        f"{n.fell_due('complaints_', '办理期限到期')}；"
        f"期末未办结 {n('complaints_open')} 件，其中超期未答复 {n('complaints_overdue')} 件。",
        f"收到咨询 {n('inquiries')} 件，答复 {n('inquiries_answered')} 件，其中按时 {n('inquiries_in_time')} 件、"
        f"超期 {n('inquiries_late')} 件；{n.fell_due('inquiries_', '答复期限到期')}；"
        f"期末超期未答复 {n('inquiries_overdue')} 件。",
    ]


def _ratings(n: _Told) -> list[str]:
    if n.is_nothing(RATINGS, RECTIFYING):
        return [f"{n.span}没有收到评价。"]
    rate = f"满意率 {n('satisfaction')}" if n.total.counts.get("rated_valid") else "没有有效评价"
    return [
        f"{n.span}收到群众评价 {n('rated')} 条，{n.moved('rated')}；{rate}，差评 {n('rated_bad')} 条；"
        f"整改差评 {n('rectified')} 件，其中按时 {n('rectified_in_time')} 件；"
        f"{n.fell_due('rectify_', '整改期限到期')}；期末超期未整改 {n('rectify_overdue')} 件；"
        f"回访差评 {n('revisited')} 件、代办件 {n('callbacks')} 件；"
        f"送达满 7 日未评价 {n('unrated')} 件。"
    ]
