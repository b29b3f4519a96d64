"""The columns of weekly statistics and monthly bulletins, each with its definition. Pure.

A count is counted once, by the day on which it happened, so that a closed month stays as it was closed: a card that is
revoked later counts as revoked in the month of that, and does not leave the month in which it was issued; an order that
is withdrawn, a rating that is left out later, likewise. It stands in the line of whom it is held against.
What is counted of cases is their decision (作出决定); pages that count their delivery call it 办结.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a count of its own, or a share, `share[0]` per hundred of `share[1]`; with `is_mean` per one."""

    key: str
    label: str
    definition: str
    share: tuple[str, str] | None = None
    is_mean: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The columns of one pair of tables: that of the townships, and that of the county's departments."""

    halls: str
    organs: str
    counted: tuple[Column, ...]
    derived: tuple[Column, ...]
    of_organs: tuple[str, ...]  # keys

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*self.counted, *self.derived)


CASES: Final = Section(
    "乡镇（街道）办件",
    "县级部门办件",
    counted=(
        Column("received", "收件", "统计期内登记收件的办件"),
        Column("accepted", "受理", "统计期内受理（含逾期视为受理）的办件"),
        Column("declined", "不予受理办件", "统计期内决定不予受理的办件"),
        Column("finished", "作出决定", "统计期内作出准予或不予决定的办件，按决定日计，不论何时送达；撤回、终止不计"),
        Column("on_time", "按时决定", "作出决定的办件中，决定时间不晚于承诺到期日的"),
        Column("early", "提前决定", "作出决定的办件中，在承诺到期日的前一天或更早作出决定的"),
        Column("late", "超期决定", "作出决定的办件中，决定时间晚于承诺到期日的"),
        Column("withdrawn", "撤回、终止办件", "统计期内申请人撤回或依法终止的办件"),
    ),
    derived=(
        Column("finish_rate", "决定率", "作出决定 ÷ 受理；没有受理的不计", ("finished", "accepted")),
        Column(
            "on_time_rate",
            "按时决定率",
            "按时决定 ÷ 作出决定；只看作出了决定的，拖着不办的不在其中，另看到期按时率；没有作出决定的不计",
            ("on_time", "finished"),
        ),
        Column("early_rate", "提前决定率", "提前决定 ÷ 作出决定；没有作出决定的不计", ("early", "finished")),
        Column(
            "promised_mean",
            "平均承诺",
            "按工作日承诺、已作出决定的办件，承诺时限的平均数（工作日），取一位小数，四舍五入",
            ("promised_days", "timed"),
            is_mean=True,
        ),
        Column(
            "used_mean",
            "平均用时",
            "按工作日承诺、已作出决定的办件，从受理到决定用去的工作日的平均数，特别程序依法不计的日子不算；取一位小数，四舍五入",
            ("used_days", "timed"),
            is_mean=True,
        ),
    ),
    of_organs=("finished", "on_time", "early", "late", "on_time_rate", "early_rate", "promised_mean", "used_mean"),
)
# What fell due, done or not: whoever does not answer lowers these rates, and raises none.
LIMITS: Final = Section(
    "乡镇（街道）期限和红黄牌",
    "县级部门期限和红黄牌",
    counted=(
        Column(
            "due",
            "到期办件",
            "承诺期限在统计期内届满的办件，按届满日计，不论办没办、何时作出决定；届满前已经撤回、终止的不计",
        ),
        Column(
            "due_in_time",
            "到期办件按时决定",
            "到期办件中，届满时已经作出决定的；拖着不办的留在到期办件里，不在这里",
        ),
        Column("open", "期末在办", "统计期结束时已经提交、还没有送达或终止的办件；县级部门计期末在本部门手上的"),
        Column("open_overdue", "期末超期在办", "期末在办中，承诺期限已过、还没有作出决定的"),
        Column("warnings", "预警", "统计期内记录的预警，按记录日计"),
        Column(
            "yellow",
            "黄牌",
            "统计期内发出的黄牌，按发牌日计（自动发的为记录日，经人确认的为确认日）；以后撤销的不减，另计撤销",
        ),
        Column(
            "red",
            "红牌",
            "统计期内发出的红牌，按发牌日计（自动发的为记录日，经人确认的为确认日）；以后撤销的不减，另计撤销",
        ),
        Column("yellow_revoked", "撤销黄牌", "统计期内撤销的黄牌，按撤销日计，不论何时发出"),
        Column("red_revoked", "撤销红牌", "统计期内撤销的红牌，按撤销日计，不论何时发出"),
    ),
    derived=(
        Column(
            "due_rate",
            "到期按时率",
            "到期办件按时决定 ÷ 到期办件；到期不办的也在分母里，不会因为不办而提高；没有到期办件的不计",
            ("due_in_time", "due"),
        ),
    ),
    of_organs=(
        "due", "due_in_time", "open", "open_overdue", "warnings", "yellow", "red", "yellow_revoked", "red_revoked",
        "due_rate",
    ),
)  # fmt: skip
CARDS: Final = ("warnings", "yellow", "red", "yellow_revoked", "red_revoked")
# The base and the sums behind the means: kept with a closed month, in no table.
HIDDEN: Final = (
    Column("timed", "按工作日承诺、已作出决定的办件", ""),
    Column("promised_days", "承诺工作日合计", ""),
    Column("used_days", "所用工作日合计", ""),
)

_ORDERS: Final = (
    Column(
        "orders_issued",
        "签发督办单",
        "统计期内签发的督办单，按签发日计，计入承办单位；以后撤回的不减，另计撤回",
    ),
    Column("orders_replied", "督办回复", "统计期内承办单位的回复，按回复日计；退回后再次回复的另计一次"),
    Column("orders_in_time", "按时回复督办", "督办回复中，没有超过回复期限的；延期的按延期后的期限"),
    Column(
        "orders_overdue",
        "逾期未回复督办",
        "统计期内期限届满还没有回复的，按届满日计；以后补回复的不减；退回后再次逾期的另计一次",
    ),
    Column(
        "orders_due",
        "到期督办回复",
        "统计期内回复期限届满的，按届满日计，不论回没回复；届满前撤回、登记未整改的不计；退回后再次届满的另计一次",
    ),
    Column("orders_due_in_time", "到期督办按时回复", "到期督办回复中，届满时已经回复的"),
    Column("orders_unanswered", "期末超期未回复督办", "统计期结束时回复期限已过，还没有回复的"),
    Column("orders_closed", "督办办结", "统计期内核验通过的督办单，按核验日计"),
    Column("orders_unrectified", "督办未整改", "统计期内按未整改登记的督办单，按登记日计"),
    Column("orders_withdrawn", "撤回督办单", "统计期内撤回的督办单，按撤回日计，不论何时签发"),
    Column("orders_open", "期末未了结督办单", "统计期结束时已经签发，还没有核验通过、登记未整改或撤回的督办单"),
    Column("urges", "催办", "统计期内发出的催办次数，按催办日计，计入催办时办件所在的单位"),
)
ORDERS: Final = Section(
    "乡镇（街道）督办和催办",
    "县级部门督办和催办",
    counted=_ORDERS,
    derived=(
        Column(
            "orders_rate",
            "督办按时回复率",
            "按时回复督办 ÷ 督办回复；只看回复了的；没有回复的不计",
            ("orders_in_time", "orders_replied"),
        ),
        Column(
            "orders_due_rate",
            "督办到期按时回复率",
            "到期督办按时回复 ÷ 到期督办回复；到期不回复的也在分母里；没有到期的不计",
            ("orders_due_in_time", "orders_due"),
        ),
    ),
    of_organs=(*(column.key for column in _ORDERS), "orders_rate", "orders_due_rate"),
)

_COMPLAINTS: Final = (
    Column("complaints", "收到投诉", "统计期内提出的投诉和「多次跑」反映，按提出日计，计入被投诉的单位"),
    Column("repeats", "其中「多次跑」", "收到投诉中，反映一件事跑了两次以上的"),
    Column("complaints_accepted", "受理投诉", "统计期内受理的投诉，按受理日计"),
    Column("complaints_refused", "不予受理投诉", "统计期内不予受理的投诉，按告知日计"),
    Column("complaints_answered", "答复投诉", "统计期内答复处理结果的投诉，按答复日计"),
    Column("complaints_in_time", "按时答复投诉", "答复投诉中，没有超过办理期限的；延期的按延期后的期限"),
    Column("complaints_late", "超期答复投诉", "答复投诉中，超过办理期限的"),
    Column("complaints_upheld", "查实投诉", "答复投诉中，处理结果为属实或部分属实的"),
    Column("complaints_open", "期末未办结投诉", "统计期结束时已经提出，还没有答复、也没有不予受理的投诉"),
    Column(
        "complaints_due",
        "到期投诉",
        "办理期限在统计期内届满的投诉，按届满日计，不论答没答复；届满前已经不予受理的不计；延期的按延期后的期限",
    ),
    Column("complaints_due_in_time", "到期投诉按时答复", "到期投诉中，届满时已经答复的"),
    Column("complaints_overdue", "期末超期未答复投诉", "期末未办结投诉中，办理期限已过的"),
)
_COMPLAINT_RATES: Final = (
    Column(
        "complaints_rate",
        "投诉按时答复率",
        "按时答复投诉 ÷ 答复投诉；只看答复了的；没有答复的不计",
        ("complaints_in_time", "complaints_answered"),
    ),
    Column(
        "complaints_due_rate",
        "投诉到期按时答复率",
        "到期投诉按时答复 ÷ 到期投诉；到期不答复的也在分母里；没有到期的不计",
        ("complaints_due_in_time", "complaints_due"),
    ),
)
COMPLAINTS: Final = Section(
    "乡镇（街道）投诉",
    "县级部门投诉",
    counted=_COMPLAINTS,
    derived=_COMPLAINT_RATES,
    of_organs=tuple(column.key for column in (*_COMPLAINTS, *_COMPLAINT_RATES)),
)
_INQUIRIES: Final = (
    Column("inquiries", "收到咨询", "统计期内提出的咨询，按提出日计，计入被咨询的单位"),
    Column("inquiries_answered", "答复咨询", "统计期内答复的咨询，按答复日计"),
    Column("inquiries_in_time", "按时答复咨询", "答复咨询中，没有超过答复期限的"),
    Column("inquiries_late", "超期答复咨询", "答复咨询中，超过答复期限的"),
    Column("inquiries_due", "到期咨询", "答复期限在统计期内届满的咨询，按届满日计，不论答没答复"),
    Column("inquiries_due_in_time", "到期咨询按时答复", "到期咨询中，届满时已经答复的"),
    Column("inquiries_overdue", "期末超期未答复咨询", "统计期结束时答复期限已过，还没有答复的咨询"),
)
_INQUIRY_RATES: Final = (
    Column(
        "inquiries_rate",
        "咨询按时答复率",
        "按时答复咨询 ÷ 答复咨询；只看答复了的；没有答复的不计",
        ("inquiries_in_time", "inquiries_answered"),
    ),
    Column(
        "inquiries_due_rate",
        "咨询到期按时答复率",
        "到期咨询按时答复 ÷ 到期咨询；到期不答复的也在分母里；没有到期的不计",
        ("inquiries_due_in_time", "inquiries_due"),
    ),
)
INQUIRIES: Final = Section(
    "乡镇（街道）咨询",
    "县级部门咨询",
    counted=_INQUIRIES,
    derived=_INQUIRY_RATES,
    of_organs=tuple(column.key for column in (*_INQUIRIES, *_INQUIRY_RATES)),
)

# 国办发〔2019〕51号: five levels; the three upper ones are content, what was never rated is none of them.
RATINGS: Final = Section(
    "乡镇（街道）好差评",
    "县级部门好差评",
    counted=(
        Column(
            "rated",
            "收到评价",
            "统计期内收到的评价，按评价日计，计入被评价的大厅；以后剔除的不减，另计剔除",
        ),
        Column("rated_5", "评价为非常满意", "收到评价中的非常满意"),
        Column("rated_4", "评价为满意", "收到评价中的满意"),
        Column("rated_3", "评价为基本满意", "收到评价中的基本满意"),
        Column("rated_2", "评价为不满意", "收到评价中的不满意"),
        Column("rated_1", "评价为非常不满意", "收到评价中的非常不满意"),
        Column(
            "rated_valid",
            "有效评价",
            "收到评价中，到统计期结束时没有由两人核实、确认没有依据，也没有经申诉剔除的；到统计期结束时核实属实的差评计入责任单位",
        ),
        Column("rated_content", "满意评价", "有效评价中，非常满意、满意和基本满意的合计"),
        Column(
            "rated_bad", "差评", "有效评价中，不满意和非常不满意的合计；核实前计入被评价的大厅，核实属实的计入责任单位"
        ),
        Column(
            "unrated",
            "未评价办件",
            "统计期内送达满 7 个自然日还没有评价的办件，按满 7 日那天计；单独统计，不算满意；以后评价的不减",
        ),
    ),
    derived=(
        Column(
            "satisfaction",
            "满意率",
            "满意评价 ÷ 有效评价：非常满意、满意、基本满意都算满意；未评价的不在其中；没有有效评价的不计",
            ("rated_content", "rated_valid"),
        ),
    ),
    of_organs=("rated_valid", "rated_bad"),
)
RECTIFYING: Final = Section(
    "乡镇（街道）差评核实、整改和回访",
    "县级部门差评责任和整改",
    counted=(
        Column(
            "ratings_answered_for", "核实负责的差评", "统计期内核实属实的差评，按核实日计，计入责任单位，不论何时评价"
        ),
        Column(
            "ratings_invalid",
            "核实没有依据的差评",
            "统计期内由两人核实、确认没有依据的差评，按确认日计，不论何时评价",
        ),
        Column("ratings_excluded", "申诉剔除的评价", "统计期内申诉成立、剔除的评价，按裁定日计，不论何时评价"),
        Column("rectified", "整改差评", "统计期内登记整改完成的差评，按登记日计，计入承担整改的单位"),
        Column("rectified_in_time", "按时整改差评", "整改差评中，没有超过整改期限的；延期的按延期后的期限"),
        Column(
            "rectify_due",
            "到期差评",
            "整改期限在统计期内届满的差评，按届满日计，不论整没整改；届满前已经剔除的不计；延期的按延期后的期限",
        ),
        Column("rectify_due_in_time", "到期差评按时整改", "到期差评中，届满时已经登记整改完成的"),
        Column("rectify_overdue", "期末超期未整改差评", "统计期结束时整改期限已过，还没有整改完成的差评"),
        Column("revisited", "差评回访", "统计期内回访的差评，按回访日计"),
        Column("callbacks", "代办件回访", "统计期内抽样回访接通的代办件，按接通日计，计入收件的大厅"),
    ),
    derived=(
        Column(
            "rectified_rate",
            "差评按时整改率",
            "按时整改差评 ÷ 整改差评；只看整改了的；没有整改的不计",
            ("rectified_in_time", "rectified"),
        ),
        Column(
            "rectify_due_rate",
            "差评到期按时整改率",
            "到期差评按时整改 ÷ 到期差评；到期不整改的也在分母里；没有到期的不计",
            ("rectify_due_in_time", "rectify_due"),
        ),
    ),
    of_organs=(
        "ratings_answered_for", "rectified", "rectified_in_time", "rectify_due", "rectify_due_in_time",
        "rectify_overdue", "rectified_rate", "rectify_due_rate",
    ),
)  # fmt: skip
SECTIONS: Final = (CASES, LIMITS, ORDERS, COMPLAINTS, INQUIRIES, RATINGS, RECTIFYING)
# What is counted of acts stands against one body alone, a hall or a department: the county is the sum of both tables.
OF_ACTS: Final = tuple(column.key for section in SECTIONS[2:] for column in section.counted)
COLUMNS: Final = tuple(column for section in SECTIONS for column in section.columns)
BY_KEY: Final[dict[str, Column]] = {column.key: column for column in (*COLUMNS, *HIDDEN)}
# Every count that a closed month keeps.
KEPT: Final = tuple(column.key for column in (*COLUMNS, *HIDDEN) if column.share is None)
