"""查处理结果: whoever has number and code sees how far it is; whoever tries wrong ones shuts out nobody else."""

from __future__ import annotations

from applications.actions.look_up import anonymous, count_wrong_of_pair, require_pair_open
from applications.domain.numbers import normalise_code
from applications.sealing import query_code, query_token, same
from halls.domain.errors import NotFound
from supervision.domain.voices import parse_voice_number
from supervision.models import Voice
from supervision.selectors.voices import voice_to_follow


def follow_voice(number: str, code: str, *, client: str) -> Voice:
    """Return it, for whoever has its number and code or the token of its QR code.

    An unknown number and a wrong code get one answer. Raises Invalid (the number is mistyped), NotFound, TooManyTries.
    """
    number, code = parse_voice_number(number), code.strip()
    client = anonymous(client)
    if same(query_token(number), code):
        found = voice_to_follow(number)
    elif same(query_code(number), normalise_code(code)):
        found = voice_to_follow(number, client=client)
    else:
        found = None
    if found is None:
        count_wrong_of_pair(number, client)
        error = NotFound("编号和查询码对不上。")
        error.cure = "请照回执核对编号和查询码；找不到回执的，请重新提出。"
        raise error
    require_pair_open(found.wrong_of_pair, found.wrong_for_number)  # type: ignore[attr-defined]
    return found
