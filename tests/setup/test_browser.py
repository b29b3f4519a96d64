"""The browser of the tests: it reaches the site, draws Chinese, and notices what a page does wrong."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAW = """(character) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 40;
  const pen = canvas.getContext('2d');
  pen.font = '32px sans-serif';
  pen.fillText(character, 2, 34);
  return canvas.toDataURL();
}"""


def test_it_reaches_the_site_and_draws_chinese(page):
    answer = page.goto("/readyz")
    assert answer.status == 200
    drawn = {page.evaluate(DRAW, character) for character in "政务厅"}
    assert len(drawn) == 3  # without a font every character is the same empty box


def test_axe_names_what_is_wrong(page, axe):
    page.goto("/readyz")
    page.set_content("<html lang='zh-CN'><title>页面</title><main><h1>页面</h1><img src='data:,'></main></html>")
    (violation,) = axe(page)
    assert violation.startswith("image-alt:")


def test_a_screenshot_is_kept_outside_the_code(phone, keep):
    phone.goto("/readyz")
    path = keep(phone, "setup/readyz-375")
    assert path.stat().st_size > 0
    assert path.parts[-4:] == (".local", "artifacts", "setup", "readyz-375.png")
