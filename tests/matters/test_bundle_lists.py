"""A bundle is found where people search, and its list is one that can be packed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("words", ["新生儿", "xse"])
def test_a_bundle_answers_a_search(client: Client, words: str) -> None:
    assert 'href="/bundles/YJS-01/"' in text(client, f"/guides/?q={words}")


def test_a_search_that_only_a_bundle_answers_is_not_empty(client: Client) -> None:
    html = text(client, "/guides/?q=公民身后一件事")
    assert 'href="/bundles/YJS-02/"' in html
    assert "没有找到" not in html


def test_a_shelf_is_of_matters_alone(client: Client) -> None:
    assert 'href="/bundles/YJS-01/"' not in text(client, "/guides/?theme=户籍&q=新生儿")


def test_the_landing_page_leads_to_every_bundle(client: Client) -> None:
    html = text(client, "/")
    for number in range(1, 7):
        assert f'href="/bundles/YJS-0{number}/"' in html


def test_identity_cards_are_one_line_and_whose_they_are_stays(client: Client) -> None:
    html = text(client, "/bundles/YJS-01/")
    said = plain(html)
    assert len(re.findall(r"□ </span>[^<]*居民身份证", html)) == 1
    for whose in ("夫妻双方", "监护人", "父母", "申请人"):
        assert f"{whose} ：" in said or f"{whose}：" in said
    assert "复印件 1 份（带原件核对）" in said
    assert "共享查到的不用提交" in said


def test_what_must_be_handed_in_as_an_original_says_so_beside_the_copies(client: Client) -> None:
    said = plain(text(client, "/bundles/YJS-02/"))
    assert re.search(r"死亡人员\s*：原件 1 份", said)
    assert re.search(r"申报人\s*：复印件 1 份", said)


def test_the_number_of_materials_is_that_of_the_list(client: Client) -> None:
    html = text(client, "/bundles/YJS-01/")
    told = re.search(r'href="#materials">(\d+) 项材料', html)
    assert told is not None
    assert int(told[1]) == html.count("□ </span>")


def test_stages_are_numbered_and_a_ticked_recommendation_has_one(client: Client) -> None:
    html = text(client, "/bundles/YJS-01/")
    assert all(f"第 {n} 步" in html for n in (1, 2, 3))
    stages = html[html.index('id="stages"') : html.index('id="materials"')]
    assert "生育登记" not in stages
    codes = re.findall(r'name="m" value="([^"]+)"[^>]*> <span>生育登记', html)
    chosen = text(client, f"/bundles/YJS-01/?chosen=1&m={codes[0]}")
    assert "生育登记" in chosen[chosen.index('id="stages"') : chosen.index('id="materials"')]


def test_the_lists_can_be_printed(client: Client) -> None:
    for url in ("/bundles/YJS-01/", "/guides/NY-003/check/?q0=1"):
        assert "data-print" in text(client, url)


def test_the_answers_lead_to_the_result_and_are_told_on_it(client: Client) -> None:
    html = text(client, "/guides/MZ-001/check/?q0=0")
    assert 'action="#result"' in html
    result = html[html.index('id="result"') :]
    assert "按您的回答：" in result
