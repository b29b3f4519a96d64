"""Where a default may follow a limit that ran out, and where a person must act: the whole table."""

import json

import pytest

from matters.domain.timeout import PLACES, Affair, Ground, Policy, Where, forbidden, touched
from tests.factories.halls import DATA

HARMLESS_MATTER = Affair(
    "社会团体成立登记", "行政许可", "社会组织", "社会团体法人登记证书", "证照", ("受理", "审查", "审批")
)
RENEWAL = Affair("人力资源服务延续", "行政许可", "就业创业", "许可证", "证照", ("受理", "审查", "审批"))


def affair(**changes):
    said = {
        "name": "示例登记",
        "kind": "公共服务",
        "theme": "综合服务",
        "result": "登记证",
        "step_names": ("受理", "审查"),
    }
    return Affair(**{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"kind": "行政给付"}, Ground.MONEY),
        ({"kind": "行政征收"}, Ground.MONEY),
        ({"kind": "行政奖励"}, Ground.MONEY),
        ({"theme": "社会保险"}, Ground.MONEY),
        ({"result": "创业担保贷款"}, Ground.MONEY),
        ({"name": "食品经营登记"}, Ground.SAFETY),
        ({"name": "涉密载体备案"}, Ground.SAFETY),
        ({"name": "环境影响登记"}, Ground.SAFETY),
        ({"theme": "户籍"}, Ground.IDENTITY),
        ({"name": "居民身份证申领"}, Ground.IDENTITY),
        ({"step_names": ("受理", "听证", "决定")}, Ground.HEARING),
        ({"step_names": ("受理", "审核公示", "决定")}, Ground.HEARING),
        ({"theme": "宅基地"}, Ground.THIRD_PARTY),
        ({"theme": "不动产登记"}, Ground.THIRD_PARTY),
        ({"name": "林木采伐许可"}, Ground.QUOTA),
        ({"name": "烟草专卖零售"}, Ground.QUOTA),
        ({"kind": "行政裁决"}, Ground.DISPUTE),
        ({"name": "消费投诉处理"}, Ground.DISPUTE),
    ],
)
@pytest.mark.parametrize(
    ("policy", "where", "step_kind"),
    [
        (Policy.DEEMED_CONSENT, Where.STEP, "review"),
        (Policy.DEEMED_WITHDRAW, Where.SUPPLEMENT, ""),
        (Policy.DEEMED_RENEW, Where.RENEWAL, ""),
    ],
)
def test_what_concerns_money_safety_persons_or_others_never_follows_by_itself(
    changes, ground, policy, where, step_kind
):
    assert ground in forbidden(policy, where, affair(**changes), step_kind=step_kind)


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("policy", Policy)
def test_every_policy_has_its_own_place(policy, where):
    grounds = forbidden(policy, where, RENEWAL, step_kind="review")
    if where not in PLACES[policy]:
        assert grounds == (Ground.MISPLACED,)
    elif policy is Policy.DEEMED_ACCEPT:
        assert grounds == (Ground.ALWAYS_ON,)
    else:
        assert grounds == ()


@pytest.mark.parametrize("kind", ["accept", "special", "decide", "deliver", "instant", ""])
def test_only_an_internal_review_can_count_as_no_objection(kind):
    assert forbidden(Policy.DEEMED_CONSENT, Where.STEP, HARMLESS_MATTER, step_kind=kind) == (Ground.DECIDING,)
    assert forbidden(Policy.DEEMED_CONSENT, Where.STEP, HARMLESS_MATTER, step_kind="review") == ()


def test_only_a_permit_is_renewed_by_silence():
    assert forbidden(Policy.DEEMED_RENEW, Where.RENEWAL, HARMLESS_MATTER) == (Ground.NO_RENEWAL,)
    service = affair(name="服务延续", kind="公共服务")
    assert forbidden(Policy.DEEMED_RENEW, Where.RENEWAL, service) == (Ground.NO_RENEWAL,)


@pytest.mark.parametrize("policy", [Policy.ESCALATE, Policy.NONE])
@pytest.mark.parametrize("where", Where)
def test_telling_a_superior_is_open_to_every_matter(policy, where):
    assert forbidden(policy, where, affair(kind="行政给付", theme="户籍")) == ()


def test_of_the_catalogue_that_ships_only_these_are_open_to_a_default():
    open_to_it = set()
    for one in json.loads((DATA / "matters.json").read_text(encoding="utf-8")):
        result = one["result"] or {}
        steps = tuple(step["name"] for step in one["steps"])
        said = Affair(one["name"], one["type"], one["theme"], result.get("name") or "", result.get("type") or "", steps)
        if not touched(said):
            open_to_it.add(one["id"])
    assert open_to_it == {
        "MZ-010", "MZ-015", "MZ-016", "MZ-017", "RS-009", "RS-010", "RS-011", "RS-014", "RS-015",
        "SF-003", "SJ-001", "SJ-002", "SJ-003", "SJ-004", "SJ-005", "SWJ-001", "XZ-003",
    }  # fmt: skip
