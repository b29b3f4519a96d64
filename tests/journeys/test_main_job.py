"""The main job in a real browser: a case travels from 高桥村 to the township and back, by the people whose work it is.

Walked at the width of a desk and of a phone; every page is looked at by axe and kept as a picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from applications.actions.pass_on import pass_on
from applications.models import Application
from applications.sealing import query_code
from supervision.actions.sweep import sweep
from tests.factories.walk import GAOQIAO, Walk, a_picture, an_id_number

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("seeded"),
]


@dataclass
class Person:
    """Somebody at a browser of their own."""

    page: Page
    role: str
    width: int
    axe: Callable[[Page], list[str]]
    keep: Callable[[Page, str], Any]
    count: int = 0

    def see(self, name: str) -> None:
        """Nothing is wrong for people who cannot see or point, nothing scrolls sideways; keep a picture."""
        assert self.axe(self.page) == []
        assert not self.page.evaluate("document.documentElement.scrollWidth > innerWidth"), "scrolls sideways"
        self.count += 1
        self.keep(self.page, f"main-job-{self.width}/{self.role}-{self.count:02d}-{name}")

    def act(self, number: str, label: str, name: str = "", **fill: str) -> None:
        """Open the case, press the button of the verb, fill in, do it."""
        self.page.goto(f"/cases/{number}/")
        self.page.get_by_role("link", name=label, exact=True).click()
        self.page.wait_for_url(re.compile(r"/do/"))
        opinion = self.page.locator("textarea[name=opinion]")
        if opinion.count():
            opinion.fill("经核对材料，符合本事项的条件。")
        for field, value in fill.items():
            self.page.locator(f"[name={field}]").fill(value)
        for box in self.page.locator("[name=is_complete]").all():
            box.check()
        if name:
            self.see(name)
        self.page.get_by_role("button", name=label, exact=True).click()
        expect(self.page.get_by_role("status").or_(self.page.locator(".message")).first).to_be_visible()


@pytest.fixture(params=[1440, 375], ids=["desk", "phone"])
def person(request, seeded, open_page, axe, keep) -> Callable[[str], Person]:
    width = request.param
    known: dict[str, Person] = {}

    def log_in(role: str) -> Person:
        if role in known:
            return known[role]
        account = seeded.accounts[role]
        page = open_page(width=width, height=900)
        page.set_default_timeout(10_000)
        somebody = Person(page, role, width, axe, keep)
        page.goto("/login/")
        page.get_by_label("用户名").fill(account["username"])
        page.get_by_label("密码").fill(account["password"])
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        known[role] = somebody
        return somebody

    return log_in


def file_a_case(clerk: Person, tmp_path: Any) -> tuple[str, str]:
    """新办一件, from the search box to the receipt; returns number and query code."""
    page = clerk.page
    clerk.see("home")
    page.get_by_role("link", name="新办一件").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("searchbox").press_sequentially("zjd", delay=40)
    expect(page.get_by_role("button", name=re.compile("农村村民宅基地审批"))).to_be_visible()
    clerk.see("pick-matter")
    page.get_by_role("button", name=re.compile("农村村民宅基地审批")).click()
    page.get_by_label("姓名").fill("张大山")
    page.get_by_label("身份证号").fill("990000199001010010")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.get_by_role("alert")).to_contain_text("校验位")
    clerk.see("wrong-check-digit")
    page.get_by_label("身份证号").fill(an_id_number().lower())
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_load_state()
    if "details" in page.url:
        page.get_by_role("button", name="保存并继续").click()
    paper = tmp_path / "申请表.png"
    paper.write_bytes(a_picture())
    for box in page.locator("input[type=radio][value=have]").all():
        box.check(force=True)
    page.locator("[name=files_1]").set_input_files(str(paper))
    clerk.see("materials")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url(re.compile("/check/"))
    clerk.see("check-answers")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(re.compile("/receipt/"))
    clerk.see("receipt")
    number = re.search(r"/cases/(\d{16})/", page.url)
    assert number is not None
    shown = "".join(page.locator(".confirmation").inner_text().split())
    assert query_code(number[1]) in shown
    return number[1], query_code(number[1])


def check_and_accept(window: Person, number: str) -> None:
    page = window.page
    page.goto("/cases/?pile=todo")
    window.see("todo")
    page.get_by_role("link", name=_spaced(number)).click()
    page.wait_for_url(re.compile(rf"/cases/{number}/$"))
    window.see("case")
    page.get_by_role("link", name="收件", exact=True).click()
    page.get_by_role("button", name="收件", exact=True).click()
    page.get_by_role("link", name="核验材料", exact=True).click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("还没有核验")
    window.see("checklist-unfinished")
    page.get_by_role("button", name="带来的都合格").click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_text("在办", exact=True).first).to_be_visible()
    window.see("accepted")


def _spaced(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))


def special(who: Person, number: str, name: str) -> None:
    page = who.page
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="启动特别程序", exact=True).click()
    page.get_by_label("已把所需时间告诉申请人").check()
    who.see(f"{name}-begin")
    page.get_by_role("button", name="启动特别程序", exact=True).click()
    expect(page.get_by_text("挂起").first).to_be_visible()
    who.see(f"{name}-suspended")
    who.act(number, "结束特别程序", note="公示期满无异议。")
    who.act(number, "办结本环节")


def test_a_case_travels_from_the_village_to_the_township_and_back(person, seeded, tmp_path, open_page) -> None:
    clerk, window = person("village_clerk"), person("township_window")
    number, code = file_a_case(clerk, tmp_path)
    check_and_accept(window, number)
    special(clerk, number, "village-notice")
    person("village_head").act(number, "办结本环节", "village-review")
    examiner = person("township_examiner")
    examiner.act(number, "办结本环节", "township-review")
    special(examiner, number, "site-visit")
    approver = person("township_approver")
    approver.act(number, "准予", "grant")
    examiner.act(number, "办结本环节")
    window.act(number, "制作结果", "make-result")
    window.act(number, "移交结果", "hand-over")
    clerk.act(number, "签收移交", "take-over")
    deliver(clerk, number, tmp_path)
    case = Application.objects.get(number=number)
    assert case.status == "delivered"
    for tab in ("materials", "limits", "papers", "record"):
        clerk.page.goto(f"/cases/{number}/?tab={tab}")
        clerk.see(f"tab-{tab}")
    look_up(clerk, number, code)
    watch(person("supervisor"), number)


def deliver(clerk: Person, number: str, tmp_path: Any) -> None:
    page = clerk.page
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="送达", exact=True).click()
    page.get_by_label("代办员送达").check()
    page.get_by_label("签收人", exact=True).fill("张大山")
    page.get_by_label("与申请人的关系").select_option("本人")
    pad = page.locator("canvas.signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 20 + step * 15, box["y"] + 30 + (step % 3) * 12)
    page.mouse.up()
    clerk.see("deliver")
    page.get_by_role("button", name="送达", exact=True).click()
    expect(page.get_by_text("已送达").first).to_be_visible()
    clerk.see("delivered")


def look_up(somebody: Person, number: str, code: str) -> None:
    """The villager's own phone: number and code, and nobody's name."""
    page = somebody.page
    page.goto("/progress/")
    page.get_by_label("办件编号").fill(_spaced(number))
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name=re.compile("查")).last.click()
    expect(page.locator("main")).to_contain_text("宅基地")
    assert "张大山" not in page.content()
    somebody.see("progress")


def watch(supervisor: Person, number: str) -> None:
    """The dashboard, and the rows behind a figure."""
    sweep()
    page = supervisor.page
    page.goto("/supervision/")
    supervisor.see("dashboard")
    page.goto(f"/cases/{number}/?tab=limits")
    page.locator("main a[href*='/clocks/']").first.click()
    page.wait_for_url(re.compile(r"/clocks/"))
    supervisor.see("statement")


def test_a_county_decided_case_goes_up_and_its_result_comes_down(person, seeded, walk_up) -> None:
    number = walk_up
    bureau = person("county_approver")
    bureau.page.goto("/cases/?pile=todo")
    bureau.see("bureau-todo")
    bureau.act(number, "准予", "bureau-grant")
    maker = person("bureau_window")
    maker.act(number, "制作结果")
    maker.page.goto(f"/cases/{number}/")
    maker.page.get_by_role("link", name="移交结果", exact=True).click()
    maker.page.get_by_label("高桥村便民服务点").check()
    maker.see("hand-down")
    maker.page.get_by_role("button", name="移交结果", exact=True).click()
    clerk = person("village_clerk")
    clerk.act(number, "签收移交")
    case = Application.objects.get(number=number)
    assert case.seat_path.endswith(f"{GAOQIAO}/")
    assert case.destination_path == ""
    deliver(clerk, number, None)
    assert Application.objects.get(number=number).status == "delivered"


def test_what_is_missing_is_told_once_brought_on_the_page_and_accepted(person, received, tmp_path) -> None:
    window, clerk = person("township_window"), person("village_clerk")
    page = window.page
    page.goto(f"/cases/{received}/do/accept/")
    page.locator("input[name=check_2][value=missing]").check(force=True)
    page.locator("[name=reason_2]").fill("请补交使用承诺书，本人签名。")
    page.get_by_role("button", name="带来的都合格").click()
    page.get_by_role("button", name="发出一次性告知").click()
    expect(page.get_by_text("补正中").first).to_be_visible()
    window.see("correction-sent")
    page = clerk.page
    page.goto(f"/cases/{received}/")
    expect(page.get_by_role("heading", name="要补的材料")).to_be_visible()
    clerk.see("correction-asked")
    page.get_by_role("link", name="到材料页上传").click()
    paper = tmp_path / "承诺书.png"
    paper.write_bytes(a_picture())
    page.locator("#file-2").set_input_files(str(paper))
    clerk.see("correction-upload")
    page.get_by_role("button", name=re.compile("上传.*承诺书")).click()
    expect(page.get_by_text("已收下 1 个文件")).to_be_visible()
    clerk.act(received, "补正完成", "supply")
    window.page.goto(f"/cases/{received}/do/accept/")
    assert window.page.get_by_role("button", name="发出一次性告知").count() == 0, "it is told once"
    window.page.get_by_role("button", name="带来的都合格").click()
    window.page.get_by_role("button", name="受理", exact=True).click()
    expect(window.page.get_by_text("在办", exact=True).first).to_be_visible()


@pytest.fixture
def received(seeded) -> str:
    case = Walk(seeded).received()
    assert case.number is not None
    return case.number


@pytest.fixture
def walk_up(seeded) -> str:
    """A case that waits for the bureau's decision."""
    walk = Walk(seeded)
    case = walk.accepted("MZ-006")
    case = pass_on(case.pk, actor=walk.who("township_examiner"))
    assert case.number is not None
    return case.number
