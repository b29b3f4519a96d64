"""Whether what was typed as a ground names a document at all: its title, its number, or the article of a law. Pure.

Forms of the number: 党政机关公文格式 GB/T 9704 (机关代字〔年份〕序号号); people type whatever brackets they find.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"[\u4e00-\u9fff][〔\[﹝（(【]\s*(?:19|20)\d{2}\s*[〕\]﹞）)】]\s*第?\s*\d{1,6}\s*号|第\s*\d{1,6}\s*号"
)
_TITLE: Final = re.compile(r"《[^《》]{2,}》")
_SORTS: Final = (
    "法|条例|规定|办法|细则|规则|决定|决议|意见|通知|通告|公告|方案|制度|规范|标准|目录|清单|纲要|章程|批复|纪要|解释"
)
_NAME: Final = re.compile(rf"[\u4e00-\u9fff·、（）()]{{2,}}(?:{_SORTS})(?:[（(][^（）()]+[）)])?")
_MENTION: Final = re.compile(rf"[\u4e00-\u9fff]{{2,}}(?:{_SORTS}|会议|文件)")
_ARTICLE: Final = re.compile(
    r"第[零〇○一二三四五六七八九十百千两\d]+(?:章|节|条|款|项|目|点|部分)|^[（(]?[一二三四五六七八九十\d]+[）)、.]"
)


def has_number(text: str) -> bool:
    """Whether a document's number stands in it: 恩施州政发〔2020〕5号, 国务院令第795号."""
    return _NUMBER.search(text) is not None


def names_document(text: str) -> bool:
    """Whether it is the name of a document: in title marks, by its number, or a name that ends as they do."""
    return has_number(text) or _TITLE.search(text) is not None or _NAME.fullmatch(text.strip()) is not None


def names_article(text: str) -> bool:
    """Whether it points into a document: 第八条, 第三十二条第一款第四项, 三、（二）."""
    return _ARTICLE.search(text.strip()) is not None


def mentions_document(text: str) -> bool:
    """Whether a sentence refers to a document or a decision, however it calls it: 按州里的制度执行, 县常务会议定."""
    return has_number(text) or _TITLE.search(text) is not None or _MENTION.search(text) is not None


def bare_title(text: str) -> str:
    """Return a title without the marks around the whole of it: whoever prints it sets them."""
    text = text.strip()
    inner = text[1:-1]
    return inner if text[:1] == "《" and text[-1:] == "》" and not {"《", "》"} & set(inner) else text
