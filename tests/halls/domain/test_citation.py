"""A ground names a document; what names none is no ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.citation import bare_title, has_number, mentions_document, names_article, names_document

NUMBERS = (
    "恩施州政发〔2020〕5号",
    "奉节府发[2026]12号",
    "国办发明电（2025）7号",
    "渝府令第 336 号",
    "府发〔2026〕第3号",
)
NONSENSE = ("aaa", "123", "。。。", "拟", "同意", "〔2026〕", "2026年", "第号", "《》", "试一试")


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_known_in_whatever_brackets(text: str) -> None:
    assert has_number(text)
    assert names_document(text)
    assert mentions_document(f"根据{text}")


@pytest.mark.parametrize(
    "text",
    [
        "中华人民共和国行政许可法",
        "《优化营商环境条例》",
        "示例县超时默认办法（试行）",
        "恩施州行政审批和便民服务事项办理时间超时默认制度",
        "国务院关于在线政务服务的若干规定",
    ],
)
def test_a_title_is_known_with_and_without_its_marks(text: str) -> None:
    assert names_document(text)
    assert mentions_document(f"依据{text}")


@pytest.mark.parametrize("text", ["第五十条", "第三十二条第一款第四项", "第8条", "三、", "（二）", "第二章"])
def test_an_article_is_known(text: str) -> None:
    assert names_article(text)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_no_ground(text: str) -> None:
    assert not has_number(text)
    assert not names_document(text)
    assert not names_article(text)
    assert not mentions_document(text)


@pytest.mark.parametrize("text", ["按州里的制度执行", "县政府常务会议定", "照上级文件办理"])
def test_a_sentence_may_call_the_document_what_people_call_it(text: str) -> None:
    assert mentions_document(text)
    assert not names_document(text)


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_characters="《》")))
def test_what_has_no_chinese_in_it_names_no_document(text: str) -> None:
    assert not has_number(text)
    assert not mentions_document(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("《行政许可法》", "行政许可法"), ("行政许可法", "行政许可法"), ("《甲》和《乙》", "《甲》和《乙》"), ("", "")],
)
def test_the_marks_around_a_whole_title_are_left_to_whoever_prints_it(text: str, bare: str) -> None:
    assert bare_title(text) == bare
