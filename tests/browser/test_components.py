"""Every component, looked at in four guises, and every behaviour, tried by hand."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser import gallery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUISES = [(1440, False), (375, False), (1440, True), (375, True)]
PAGES = {
    "components": ("components/_gallery.html", gallery.gallery),
    "public": ("errors/404.html", gallery.frame),
    "bare-error": ("errors/500.html", dict),
    "paper": ("base_print.html", lambda: {"paper": gallery.paper(), "back_url": "/"}),
    "slip": ("base_print.html", lambda: {"paper": gallery.paper(), "slip": True}),
}


def html(name: str, *, elder: bool = False, **more: Any) -> str:
    template, context = PAGES[name]
    request = None if name == "bare-error" else RequestFactory().get("/sample/")  # a fault may leave nothing to show
    return render_to_string(template, {**context(), "elder": elder, **more}, request)


def picture(*, width: int, height: int) -> bytes:
    """A photo of a paper: noise, so that JPEG cannot make it tiny."""
    data = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(data, "JPEG", quality=95)
    return data.getvalue()


def show(page: Page, text: str) -> Page:
    page.route("**/sample/", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.route(
        re.compile(r"page\d\.svg$"),
        lambda route: route.fulfill(body=picture(width=400, height=600), content_type="image/jpeg"),
    )
    page.goto("/sample/")
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture
def sample(page: Page) -> Page:
    return show(page, html("components"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "elder"), GUISES)
def test_nothing_is_out_of_reach(
    name: str, width: int, elder: bool, open_page: Callable[..., Page], axe: Callable[[Page], list[str]], keep: Any
):
    page = show(open_page(width=width), html(name, elder=elder))
    keep(page, f"components/{name}-{width}{'-elder' if elder else ''}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("h1").count() == 1


def test_in_the_elder_edition_what_one_presses_is_60_px_high(open_page: Callable[..., Page]):
    page = show(open_page(width=375), html("components", elder=True))
    small = page.evaluate(
        """[...document.querySelectorAll('.btn:not(.btn-link), .input, .choice, .rail a, .tabs a, .segmented label')]
        .filter(element => element.offsetParent && element.getBoundingClientRect().height < 60)
        .map(element => element.outerHTML.slice(0, 90))"""
    )
    assert small == []


@pytest.mark.parametrize("name", ["components", "public"])
def test_a_page_reads_without_script(name: str, open_page: Callable[..., Page]):
    page = show(open_page(java_script_enabled=False), html(name))
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".needs-js").first).to_be_hidden()


def test_j_and_k_walk_the_rows_and_can_be_switched_off(sample: Page):
    links = sample.locator(".row-link")
    sample.locator("body").press("j")
    expect(links.nth(0)).to_be_focused()
    sample.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    sample.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    sample.keyboard.press("Enter")
    expect(sample).to_have_url(re.compile("#case-0$"))
    sample.get_by_role("button", name="关闭快捷键").click()
    sample.keyboard.press("j")
    expect(links.nth(0)).not_to_be_focused()


def test_an_identity_number_is_cleaned_and_counted(sample: Page):
    field = sample.locator("#id-card")
    line = sample.locator("#id-card-live")
    expect(line).to_have_text("18 位，校验位对。")
    field.fill("110105 19491231 00")
    expect(field).to_have_value("1101051949123100")
    expect(line).to_have_text("已输 16 位，还差 2 位。")
    field.fill("110105194912310021")
    expect(line).to_have_attribute("data-state", "bad")


def test_a_photo_is_made_small_before_it_travels(sample: Page):
    photo = picture(width=3000, height=4000)
    wrap = sample.locator("[data-shrink]", has=sample.locator("#material-m3-file"))
    wrap.locator("input").set_input_files({"name": "证.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(wrap.locator(".live")).to_contain_text("压缩到")
    size, width, height = wrap.locator("input").evaluate(
        """async input => {
            const picture = await createImageBitmap(input.files[0]);
            return [input.files[0].size, picture.width, picture.height];
        }"""
    )
    assert max(width, height) == 1654
    assert size < len(photo)
    expect(wrap.locator(".thumbs canvas")).to_have_count(1)


def test_a_paper_that_is_no_picture_goes_as_it_is(sample: Page):
    wrap = sample.locator("[data-shrink]", has=sample.locator("#material-m3-file"))
    wrap.locator("input").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    expect(wrap.locator(".live")).to_contain_text("已选 1 个文件")
    assert wrap.locator("input").evaluate("input => input.files[0].name") == "a.pdf"


def test_signing_fills_the_field_and_a_slip_does_not(sample: Page):
    canvas = sample.locator("canvas.signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    value = sample.locator("[data-signature] input[type=hidden]")
    sample.mouse.move(box["x"] + 20, box["y"] + 20)
    sample.mouse.down()
    sample.mouse.move(box["x"] + 25, box["y"] + 22)
    sample.mouse.up()
    expect(value).to_have_value("")
    sample.mouse.down()
    sample.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    sample.mouse.up()
    expect(value).to_have_value(re.compile("^data:image/png;base64,"))
    sample.get_by_role("button", name="擦掉重签").click()
    expect(value).to_have_value("")


def test_the_viewer_turns_zooms_and_changes_the_page_by_key(sample: Page):
    stage = sample.locator(".viewer-stage")
    image = stage.locator("img")
    status = sample.locator(".viewer .live")
    stage.focus()
    before = image.bounding_box()
    sample.keyboard.press("+")
    after = image.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    sample.keyboard.press("-")
    sample.keyboard.press("r")
    assert "rotate(90deg)" in (image.get_attribute("style") or "")
    sample.keyboard.press("ArrowRight")
    expect(status).to_have_text("户口簿 第 2 页（2/2）")


def test_the_tally_follows_the_answers(sample: Page):
    line = sample.locator("[data-tally]")
    expect(line).to_contain_text("还有 1 份没看")
    sample.locator("#material-m3 .segmented label", has_text="缺").click()
    expect(line.locator("[data-tally-value=lack] b")).to_have_text("1")
    expect(line.locator("[data-tally-rest]")).to_be_hidden()


def test_a_form_goes_once_and_wakes_when_the_page_is_shown_again(page: Page):
    posts: list[str] = []

    def hold(route: Route) -> None:
        posts.append(route.request.post_data or "")
        route.fulfill(status=204)  # the page stays

    page.route("**/act/", hold)
    form = '<form method="post" action="/act/"><button name="verb" value="accept">受理</button></form>'
    show(page, html("components").replace('<div class="stack-l">', form, 1))
    button = page.locator("button[value=accept]").first
    button.click()
    expect(button).to_be_disabled()
    expect(button).to_have_text("正在提交…")
    button.click(force=True, no_wait_after=True)
    assert posts == ["verb=accept"]
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()
    expect(button).to_have_text("受理")


def test_a_polled_region_follows_and_says_when_it_cannot(page: Page):
    page.clock.install()
    answers = [(200, "1287"), (304, ""), (0, "")]  # 0: the network is gone
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match"))
        status, value = answers[min(len(asked), len(answers)) - 1]
        if not status:
            route.abort()
            return
        body = html("components").replace("1286", value) if status == 200 else ""
        route.fulfill(status=status, body=body, headers={"ETag": '"a"', "Content-Type": "text/html; charset=utf-8"})

    page.route("**/figures/", answer)
    show(page, html("components").replace('data-poll-url="#"', 'data-poll-url="/figures/"'))
    page.clock.run_for(15_500)
    expect(page.locator("#tiles")).to_contain_text("1287")
    for _turn in range(8):
        page.clock.run_for(15_500)
        page.wait_for_timeout(100)  # the network does not follow the page's clock
    assert asked[:2] == [None, '"a"']
    expect(page.locator("#tiles [data-poll-stale]")).to_be_visible()


def test_a_row_opens_beside_the_list_on_a_wide_screen(page: Page):
    page.route("**/case/", lambda route: route.fulfill(body=html("public"), content_type="text/html; charset=utf-8"))
    text = html("components").replace("data-keys>", 'data-keys data-detail="pane">').replace("#case-0", "/case/")
    text = text.replace('<div class="actions">', '<div id="pane"></div><div class="actions">')
    show(page, text)
    page.locator(".row-link").first.click()
    expect(page.locator("#pane")).to_contain_text("没有找到")
    expect(page).to_have_url(re.compile("/sample/$"))
