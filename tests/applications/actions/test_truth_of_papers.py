"""What a paper says is true: who decided, by which ground, who signed, who held the case."""

from dataclasses import replace

import pytest

from applications.actions.deliver import deliver
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.pass_on import pass_on
from applications.actions.refuse import refuse
from applications.domain.paper_titles import refused_words, title_of
from applications.models import Document
from applications.selectors.case_page import shown_status, timeline
from applications.selectors.papers import basis_words, paper_of
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, Refused
from halls.models import Hall
from tests.factories.halls import UserFactory, person_in_post
from tests.factories.walk import GAOQIAO, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def walk(seeded) -> Walk:
    return Walk(seeded)


def printed(case, kind: str, *, is_masked: bool = False) -> str:
    document = case.documents.get(kind=kind)
    return str(paper_of(document, case, "", is_masked=is_masked))


def test_a_townships_decision_is_signed_by_its_government(walk: Walk) -> None:
    text = printed(walk.granted(), "grant_decision")
    assert "奉节县太和土家族乡人民政府" in text
    assert "准予行政许可决定书" in text
    assert "行政许可法" in text


def test_a_benefit_is_not_granted_by_the_permit_law(walk: Walk) -> None:
    case = walk.accepted("MZ-006")
    case = pass_on(case.pk, actor=walk.who("township_examiner"))
    case = grant(case.pk, actor=walk.who("county_approver"))
    text = printed(case, "grant_decision") + printed(case, "acceptance_notice")
    assert "行政许可" not in text
    assert "奉节县民政局" in text


def test_a_refusal_names_the_countys_government_for_review(walk: Walk) -> None:
    case = refuse(walk.at_decision().pk, actor=walk.who("township_approver"), reason="不符合一户一宅")
    text = printed(case, "refusal_decision")
    assert "向奉节县人民政府申请行政复议" in text
    assert "不符合一户一宅" in text


def test_the_proof_of_delivery_of_a_refusal_names_the_number_of_the_decision(walk: Walk) -> None:
    case = refuse(walk.at_decision().pk, actor=walk.who("township_approver"), reason="不符合一户一宅")
    decision = case.documents.get(kind="refusal_decision")
    proof = Document(kind="proof_of_delivery", application=case, content={}, issued_at=decision.issued_at)
    proof.content = {"way": "当场", "receiver": "张三", "relation": "本人"}
    rows = paper_of(proof, case, "", is_masked=False)["facts"]
    assert {"term": "结果文号", "text": decision.number} in rows


def test_a_page_of_a_benefit_cites_no_article_of_the_permit_law() -> None:
    assert "行政许可法" not in basis_words("行政许可法 第四十四条", "行政给付")
    assert basis_words("行政许可法 第四十四条", "行政许可") == "行政许可法 第四十四条"
    assert basis_words("申请人撤回", "行政给付") == "申请人撤回"


def test_a_refused_case_does_not_go_out_to_measure(walk: Walk) -> None:
    case = refuse(walk.at_decision().pk, actor=walk.who("township_approver"), reason="不符合一户一宅")
    assert case.step_kind == "deliver"
    assert case.clocks.get(kind="delivery").amount == 3


def test_who_only_watches_reads_no_full_name(walk: Walk) -> None:
    assert "张大山" not in printed(walk.delivered(), "proof_of_delivery", is_masked=True)


def test_the_acceptance_tells_the_whole_promise_and_this_halls_own_day(walk: Walk, travel) -> None:
    travel("2026-03-02 10:00")
    text = printed(walk.accepted(), "acceptance_notice")
    assert "2026年3月16日（含当日；承诺 10 个工作日）" in text
    assert "最晚 2026年3月16日（含当日）办结本大厅的环节" in text, (
        "审批 and 送达 are the township's own, to the last day"
    )
    assert "村级审查（高桥村便民服务点）2026年3月4日" in text
    assert "太和土家族乡农业农村办公室" in text


def test_whoever_sent_a_result_does_not_sign_for_its_arrival(walk: Walk) -> None:
    both = UserFactory.create()
    person_in_post(PostKind.WINDOW_CLERK, Hall.objects.get(code="500236272"), user=both)
    case = hand_over(walk.ready().pk, actor=acting_user(both), to_hall=GAOQIAO)
    with pytest.raises(Refused, match="sender_cannot_take_over"):
        take_over(case.pk, actor=acting_user(both))
    again = UserFactory.create(person_code=f"{both.person_code.lower()} ")
    person_in_post(PostKind.VILLAGE_CLERK, Hall.objects.get(code=GAOQIAO), user=again)
    with pytest.raises(Refused, match="sender_cannot_take_over"):
        take_over(case.pk, actor=acting_user(again))
    case = take_over(case.pk, actor=walk.who("village_clerk"))
    assert case.events.latest("seq").detail["place"] == "高桥村便民服务点"


def test_somebody_else_is_not_the_applicant(walk: Walk) -> None:
    case = walk.ready()
    other = replace(walk.handing(), receiver="李秀英")
    with pytest.raises(Invalid) as refusal:
        deliver(case.pk, other, actor=walk.who("township_window"))
    assert [problem.field for problem in refusal.value.problems] == ["relation"]
    assert deliver(case.pk, replace(other, relation="配偶"), actor=walk.who("township_window")).status == "delivered"


def test_what_runs_through_many_organs_counts_against_the_one_that_holds_it(walk: Walk) -> None:
    case = walk.accepted("MZ-006")
    case = pass_on(case.pk, actor=walk.who("township_examiner"))
    assert case.clocks.get(kind="promised").seat_path == case.seat_path
    assert "~" in case.seat_path
    assert case.clocks.filter(kind="step").earliest("pk").seat_path == "500236/500236272/"


def test_a_result_is_held_by_the_bureau_until_it_is_handed_over(walk: Walk) -> None:
    case = walk.accepted("RS-007")
    while case.status == "in_progress" and case.step_kind != "decide":
        case = pass_on(case.pk, actor=walk.who("township_examiner"))
    assert case.seat_path.startswith("500236/~RS/")
    bureau = case.seat_department
    assert bureau is not None
    approver = person_in_post(PostKind.APPROVER, bureau)
    case = grant(case.pk, actor=acting_user(approver))
    assert case.seat_path == case.result_path == "500236/~RS/"
    assert case.clocks.get(kind="delivery").seat_path == "500236/~RS/"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("行政许可", "不予行政许可"),
        ("行政给付", "不予给付"),
        ("行政确认", "不予确认"),
        ("公共服务", "不予办理"),
        ("其他行政权力", "不予办理"),
    ],
)
def test_a_refusal_is_called_by_the_kind_of_its_matter(kind: str, word: str) -> None:
    assert refused_words(kind) == word
    assert title_of("refusal_decision", kind) == f"{word}决定书"


def test_a_refused_benefit_is_called_so_on_paper_in_the_record_and_on_the_page(walk: Walk) -> None:
    case = pass_on(walk.accepted("MZ-006").pk, actor=walk.who("township_examiner"))
    case = refuse(case.pk, actor=walk.who("county_approver"), reason="有法定抚养人")
    text = printed(case, "refusal_decision")
    assert "不予给付决定书" in text
    assert "决定不予给付。" in text
    assert "不予给付决定书" in [row["document_label"] for row in timeline(case)]
    assert shown_status(case, case.guide.kind)["status"] == "不予给付"
