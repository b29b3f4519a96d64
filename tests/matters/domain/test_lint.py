"""Every rule of the linter: a guide that breaks it, and the clean guide that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from matters.domain.catalogue import (
    NO_LIMIT,
    FeeRecord,
    Limit,
    MatterRecord,
    OptionRecord,
    QuestionRecord,
    VariantRecord,
)
from matters.domain.lint import RULES, LintContext, PolicyLine, definition, department_score, lint, score_of
from matters.domain.lint.elements import ELEMENTS, rule_code
from matters.domain.lint.kinship import alike
from matters.domain.lint.limits import compression
from matters.domain.lint.words import is_catch_all
from tests.factories.guides import TASK, as_written, clean_guide, material, read, step, with_part

Change = Callable[[MatterRecord], MatterRecord]
KNOWN = LintContext(
    other_names={"村民建房许可": "XX-900", "宅基地审批": "NY-003"},
    files=frozenset({"blank.pdf", "sample.pdf", "result.pdf"}),
)


def rules(record: MatterRecord, context: LintContext = KNOWN) -> list[str]:
    return sorted(finding.rule for finding in lint(record, context))


def part(rows: str, index: int, /, **changes: Any) -> Change:
    return lambda record: with_part(record, rows, index, **changes)


def whole(**changes: Any) -> Change:
    return lambda record: replace(record, **changes)


def written(**changes: Any) -> Change:
    return lambda _record: read(as_written(**changes))


def statute(amount: int | None, unit: str = "wd", note: str = "") -> Change:
    return whole(statutory=Limit(amount, unit, note, "page" if amount else ""))


def days(*changed: int) -> Change:
    """Give the counted steps these days, and promise their sum."""

    def change(record: MatterRecord) -> MatterRecord:
        counted = iter(changed)
        steps = tuple(replace(one, days=next(counted)) if one.counts_in_limit else one for one in record.steps)
        return replace(record, steps=steps, promised=replace(record.promised, amount=sum(changed)))

    return change


def both(*changes: Change) -> Change:
    def change(record: MatterRecord) -> MatterRecord:
        for one in changes:
            record = one(record)
        return record

    return change


IMMEDIATE = both(
    whole(handling="immediate"),
    written(
        handling_type="即办件", promised_limit={"days": 1, "unit": "工作日", "note": "", "basis": "source"},
        steps=[step(1, "受理", "accept", 0), step(2, "审批", "decide", 1)],
    ),
)  # fmt: skip
QUESTION = clean_guide().questions[0]
PERMIT_AGAIN = {
    "materials": [*as_written()["materials"], material("居民身份证明", source="政府部门核发", issuer="公安")]
}

# One edit to the clean guide, and the one finding it must make.
SINGLE: dict[str, Change] = {
    "missing-code": both(whole(basic_code="", task_code="", variants=())),
    "missing-kind": whole(kind=""),
    "missing-legal-basis": whole(legal_bases=()),
    "missing-organ": whole(department=""),
    "missing-conditions": whole(conditions=()),
    "missing-objects": whole(service_objects=()),
    "missing-statute": statute(None),
    "missing-result": whole(result_name=""),
    "missing-result-sample": whole(result_sample=""),
    "missing-fee-standard": whole(fee_charged=None),
    "missing-fee-basis": whole(fee_charged=True, fee_standard="10 元/证", pays_online=True),
    "missing-materials": whole(materials=(), questions=()),
    "missing-tolerance": part("materials", 3, necessity="required"),
    "missing-channels": whole(channels=()),
    "missing-reach": whole(reach=""),
    "missing-booking": whole(booking=""),
    "missing-pays-online": whole(fee_charged=True, fee_standard="10 元/证", fee_basis="财税〔2016〕79号"),
    "missing-shipping": whole(is_shipped=None),
    "missing-place": whole(place=""),
    "missing-hours": whole(hours=""),
    "missing-consult": whole(consult=""),
    "missing-complaint": whole(complaint=""),
    "missing-promise": whole(promised=NO_LIMIT),
    "missing-standard": whole(steps=tuple(replace(one, standard="") for one in clean_guide().steps)),
    "promise-over-statute": statute(7),
    "promise-over-statute-in-holidays": both(
        whole(kind="行政确认", basic_code="000720001000", task_code="", variants=()), statute(7, "cd"),
        days(0, 1, 1, 0),
    ),
    "permit-promise-over-20": both(statute(None, note="没有特别规定"), days(1, 9, 10, 1), whole(provincial=NO_LIMIT)),
    "permit-limit-in-calendar-days": statute(60, "cd"),
    "promise-over-province": whole(provincial=Limit(7, "wd", "", "")),
    "promise-is-not-the-steps": part("steps", 1, days=4),
    "compression-below-target": statute(15),
    "figure-not-verified": whole(statutory=Limit(20, "wd", "", "law_knowledge")),
    "steps-not-in-order": part("steps", 4, seq=6),
    "first-step-is-not-acceptance": part("steps", 0, kind="review"),
    "no-deciding-step": part("steps", 2, kind="review"),
    "decision-at-another-level": part("steps", 2, level="county"),
    "work-after-the-decision": part("steps", 3, name="专家评审"),
    "immediate-too-long": both(IMMEDIATE, days(0, 2), whole(statutory=Limit(20, "wd", "", "page"))),
    "immediate-too-many-steps": both(
        IMMEDIATE,
        written(
            handling_type="即办件", promised_limit={"days": 1, "unit": "工作日", "note": "", "basis": "source"},
            steps=[step(1, "受理", "accept", 0), step(2, "初审", "review", 0), step(3, "审批", "decide", 1)],
        ),
    ),
    "immediate-not-decided-in-the-hall": both(IMMEDIATE, part("steps", 1, actor="县民政局")),
    "promised-but-immediate": days(0, 0, 0, 0),
    "counted-step-not-in-working-days": part("steps", 1, unit="cd"),
    "special-step-without-days": part("steps", 3, days=0),
    "same-step-twice": part("steps", 4, name="审批"),
    "steps-without-standard": part("steps", 1, standard=""),
    "steps-without-result": part("steps", 1, result=""),
    "material-without-ground": part("materials", 0, legal_ground=""),
    "material-without-source": part("materials", 3, source=""),
    "materials-without-standard": part("materials", 0, standard=""),
    "agency-not-named": part("materials", 2, intermediary=""),
    "issuer-not-named": part("materials", 1, issuer=""),
    "asked-though-shareable": part("materials", 1, note=""),
    "shareable-from-nobody": part("materials", 3, is_shareable=True),
    "template-of-an-issued-document": part("materials", 1, has_template=True),
    "form-not-offered": part("materials", 0, has_template=False, blank="", sample=""),
    "form-without-blank": part("materials", 0, blank=""),
    "form-without-sample": part("materials", 0, sample=""),
    "file-not-found": part("materials", 0, blank="lost.pdf"),
    "copies-contradict-form": part("materials", 1, copies=0),
    "same-material-twice": part("materials", 3, name="房屋平面图"),
    "material-asked-in-other-words": written(**PERMIT_AGAIN),
    "circumstance-not-said": whole(questions=()),
    "required-and-by-circumstance": part("materials", 4, necessity="required"),
    "option-asks-unknown-material": whole(
        questions=(replace(QUESTION, options=(*QUESTION.options, OptionRecord("不清楚", ("房产证",), ""))),)
    ),
    "question-without-choice": whole(questions=(replace(QUESTION, options=QUESTION.options[:1]),)),
    "question-refuses-everybody": whole(
        questions=(QUESTION, QuestionRecord("建哪？", (OptionRecord("田里", (), "不行"), OptionRecord("山", (), "不"))))
    ),
    "question-changes-nothing": whole(
        questions=(QUESTION, QuestionRecord("天气好吗？", (OptionRecord("好", (), ""), OptionRecord("不好", (), ""))))
    ),
    "option-twice": whole(questions=(replace(QUESTION, options=(*QUESTION.options, QUESTION.options[1])),)),
    "fee-contradicts": whole(fee_items=(FeeRecord("工本费", "10 元", "财税〔2016〕79号"),)),
    "fee-without-amount": whole(
        fee_charged=True, fee_standard="按规定", fee_basis="财税〔2016〕79号", pays_online=True
    ),
    "fee-item-incomplete": whole(
        fee_charged=True, fee_standard="10 元", fee_basis="财税〔2016〕79号", pays_online=True,
        fee_items=(FeeRecord("工本费", "", ""),),
    ),
    "permit-without-remedies": whole(remedies=""),
    "refusal-without-remedies": whole(
        remedies="", kind="行政确认", basic_code="000720001000", task_code="", variants=()
    ),
    "remedies-incomplete": whole(remedies="60 日内可以申请行政复议。"),
    "visits-without-reason": whole(onsite_visits=2),
    "licence-without-validity": whole(result_validity=""),
    "basic-code-wrong": whole(basic_code="000520001000", task_code="", variants=()),
    "task-code-wrong": whole(task_code=TASK.replace("MB28559184", "MB28559185"), variants=()),
    "variant-code-wrong": part("variants", 0, code=f"{TASK}0A"),
    "variant-twice": part("variants", 1, name="新建"),
    "own-parent": whole(parent_code="XX-900"),
    "name-taken": whole(name="宅基地审批"),
    "alias-is-another-matter": whole(aliases=("宅基地审批",)),
    "alias-twice": whole(aliases=("建房证", "建房证")),
    "entrusted-by-nobody": whole(organ_kind="entrusted"),
    "village-role-contradicts": whole(village_role="none"),
    "catch-all-material": part("materials", 3, name="其他相关材料"),
    "open-list": part("materials", 3, name="邻居签字、收据等证据"),
    "catch-all-condition": whole(conditions=("法律法规规定的其他条件",)),
    "vague-condition": whole(conditions=("符合当地有关规定",)),
    "long-sentence": part("materials", 3, note="这" * 61),
    "office-language": whole(conditions=("已经建档立卡",)),
    "unknown-abbreviation": part("materials", 3, note="按 GIS 坐标"),
    "double-negation": whole(conditions=("不得不拆除旧房",)),
}  # fmt: skip
# The name of a guide is missing together with what depends on it.
SEVERAL: dict[str, tuple[Change, list[str]]] = {
    "missing-name": (whole(name=""), ["missing-name"]),
    "missing-steps": (whole(steps=()), ["missing-standard", "missing-steps"]),
}
IN_FORCE = Limit(20, "wd", "", "page")
WITH_BASE = {"statute-erased": statute(None)}
WITH_POLICY = {
    "timeout-without-basis": PolicyLine("acceptance", "escalate", " "),
    "timeout-not-allowed": PolicyLine("step", "deemed_consent", "某条例第一条", "decide"),
}


def test_the_clean_guide_breaks_no_rule() -> None:
    assert lint(clean_guide(), KNOWN) == ()
    assert lint(clean_guide(), LintContext()) == ()
    assert score_of(()) == 100


def test_every_rule_has_a_case() -> None:
    assert set(SINGLE) | set(SEVERAL) | set(WITH_POLICY) | set(WITH_BASE) == set(RULES)


@pytest.mark.parametrize("rule", SINGLE)
def test_one_edit_makes_one_finding(rule: str) -> None:
    assert rules(SINGLE[rule](clean_guide())) == [rule]


@pytest.mark.parametrize("rule", SEVERAL)
def test_what_is_missing_is_told_with_what_it_carries(rule: str) -> None:
    change, expected = SEVERAL[rule]
    assert rules(change(clean_guide())) == expected


@pytest.mark.parametrize("rule", WITH_POLICY)
def test_a_published_default_is_held_against_the_guide(rule: str) -> None:
    context = replace(KNOWN, policies=(WITH_POLICY[rule],))
    assert rules(clean_guide(), context) == [rule]
    assert rules(clean_guide(), replace(KNOWN, policies=(PolicyLine("step", "escalate", "本县文件"),))) == []


@pytest.mark.parametrize(
    "note", ["见有关规定", "依法办理", "《土地管理法》", "第四十四条", "按法律规定，详见第三页第二条说明"]
)
def test_a_statutory_limit_of_the_guide_in_force_is_not_erased_without_law_and_article(note: str) -> None:
    erased = statute(None, "", note)(clean_guide())
    assert rules(erased, replace(KNOWN, statute_in_force=IN_FORCE)) == ["statute-erased"]
    assert rules(erased) == []


@pytest.mark.parametrize("note", ["《土地管理法》第六十二条未规定期限", "村庄和集镇规划建设管理条例第十八条没有期限"])
def test_a_law_and_an_article_may_take_it_away(note: str) -> None:
    assert rules(statute(None, "", note)(clean_guide()), replace(KNOWN, statute_in_force=IN_FORCE)) == []


@pytest.mark.parametrize("name", ["宅基地 审批", "宅基地审批　"])
def test_a_name_that_only_looks_other_is_taken(name: str) -> None:
    assert rules(whole(name=name)(clean_guide())) == ["name-taken"]


def test_every_rule_says_where_it_is_written_and_why() -> None:
    for rule in RULES.values():
        assert rule.title
        assert rule.citation
        assert rule.why.endswith("。")
    assert len(ELEMENTS) == 26
    # Of the eleven base elements all but the code, which the State gives and a county cannot write.
    assert sum(RULES[rule_code(element)].severity == "error" for element in ELEMENTS) == 10


# --- time ------------------------------------------------------------------------------------------------------------


def test_three_calendar_days_can_end_before_two_working_days() -> None:
    """临时居民身份证: filed on a Friday, the law's three days end on Monday, the promise on Tuesday."""
    card = both(whole(kind="行政确认", basic_code="000720001000", task_code="", variants=()), statute(3, "cd"))
    found = lint(both(card, days(0, 1, 1, 0))(clean_guide()), KNOWN)
    assert [finding.rule for finding in found] == ["promise-over-statute"]
    assert "只有 1 个工作日" in found[0].message
    assert rules(both(card, days(0, 0, 1, 0))(clean_guide())) == []


def test_months_are_counted_at_their_shortest() -> None:
    month = both(statute(1, "mo"), whole(provincial=NO_LIMIT))
    assert "promise-over-statute" not in rules(both(month, days(5, 5, 5, 5))(clean_guide()))
    assert "promise-over-statute" in rules(both(month, days(5, 5, 5, 6))(clean_guide()))


@pytest.mark.parametrize(("promised", "limit", "percent"), [
    ((1, 3, 3, 1), (20, "wd"), 60), ((1, 3, 3, 1), (16, "wd"), 50), ((1, 3, 3, 1), (60, "cd"), 81),
])  # fmt: skip
def test_how_much_shorter_a_promise_is(promised: tuple[int, ...], limit: tuple[int, str], percent: int) -> None:
    assert compression(both(statute(*limit), days(*promised))(clean_guide())) == percent
    assert compression(statute(None)(clean_guide())) is None


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    "其他材料", "其它有关材料", "其他相关证明材料", "需要提供的其他", "法律、法规规定的其他材料", "相关材料",
    "变更事项相关材料", "住所使用相关文件", "生活困难相关证明", "居住地住址、就业等材料", "有关证明",
    "窗口要求提交的其他", "其他证件",
])  # fmt: skip
def test_what_asks_for_anything_is_a_catch_all(text: str) -> None:
    assert is_catch_all(text)


@pytest.mark.parametrize("text", [
    "评定(调整)伤残等级申请书(表)", "亲属关系证明(结婚证、户口簿等)", "变更更正依据材料(单位证明、公证书等)",
    "证据材料及清单", "居民身份证", "土地权属证据材料", "中等职业学校学籍证明", "其他组织登记证书", "购物凭证等证据",
    "家庭经济状况核对授权书", "平等协商记录", "等额选举结果",
])  # fmt: skip
def test_what_has_a_name_is_none(text: str) -> None:
    assert not is_catch_all(text)


@pytest.mark.parametrize(
    "text", ["未领取其他基本养老保障待遇", "接受中、高等职业教育", "制度实施时已满60周岁等情形除外"]
)
def test_a_condition_that_is_definite_stays(text: str) -> None:
    assert rules(whole(conditions=(text,))(clean_guide())) == []


@pytest.mark.parametrize(("one", "other", "same"), [
    ("居民身份证", "公民身份证明", True), ("近期免冠证件照片", "两寸照片", True), ("医院诊断证明", "诊断证明", True),
    ("父母居民身份证", "儿童居民身份证", False), ("居民身份证", "居民户口簿", False),
    ("原居民身份证", "居民身份证", False),
    ("营业执照", "营业执照正副本", True), ("居民户口簿", "亲属关系证明(结婚证、户口簿等)", False),
    ("居民身份证或社会保障卡", "居民身份证或营业执照", False),
])  # fmt: skip
def test_two_names_for_one_paper(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


# --- codes -----------------------------------------------------------------------------------------------------------


def test_variants_without_a_task_code_are_only_measured() -> None:
    record = clean_guide(task_code="", variants=(VariantRecord(f"{TASK}01", "新建", ""),))
    assert rules(record) == []


# --- score -----------------------------------------------------------------------------------------------------------


def test_the_score_takes_each_rule_once_and_a_little_more_for_each_further_place() -> None:
    bare = clean_guide(consult="", hours="")
    assert score_of(lint(bare, KNOWN)) == 97  # two warnings
    once = with_part(clean_guide(), "materials", 0, legal_ground="")
    everywhere = clean_guide(materials=tuple(replace(one, legal_ground="") for one in clean_guide().materials))
    assert score_of(lint(once, KNOWN)) == 98
    assert score_of(lint(everywhere, KNOWN)) == 98  # 1.5 x 1.4
    assert score_of(lint(clean_guide(name="", kind="", legal_bases=()), KNOWN)) == 88
    assert score_of(lint(read({}), LintContext())) < 50
    assert department_score([88, 97]) == 92
    assert department_score([]) is None


def test_the_written_definition_says_the_numbers_that_count() -> None:
    words = "".join(definition())
    assert "一条错误 4 分，一条警告 1.5 分，一条提示 0.25 分" in words
    assert "每多一处加扣该条分值的 10%，一条规则最多扣 2 倍" in words
