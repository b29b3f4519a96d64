"""责任追究 from a red card to its end; the evidence proves itself alone; rankings say whom they leave out."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.appeal_card import appeal_card
from supervision.actions.confirm_card import confirm_card
from supervision.actions.exclude import Span, confirm_exclusion, drop_exclusion, end_exclusion, propose_exclusion
from supervision.actions.open_accounts import open_accounts
from supervision.actions.review_card import review_card
from supervision.actions.settle_account import Deed, settle_account
from supervision.actions.sweep import sweep
from supervision.actions.take_evidence import take_evidence
from supervision.domain import verify_pack
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Accountability, EvidenceDownload, ExclusionRule, LimitWarning, Message
from supervision.selectors.accounts import account_of, stage_of
from supervision.selectors.bulletins import exclusions_of
from supervision.selectors.exclusions import exclusions_on
from tests.supervision.cards import card_by_hand, late_card, staffed
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
TALK = Deed("handle", "当面约谈", "talk", "示例乡办公室主任", "县政务服务局", date(2026, 4, 20), "示例约〔2026〕1号")
REFERRED = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 4, 20))
CLOSED = Deed("close", "已处理完毕")


@pytest.fixture
def people(county):
    return staffed(county)


@pytest.fixture
def red(people) -> LimitWarning:
    return late_card(people, "red", "2026-04-20 09:00")


@pytest.fixture
def account(people, red) -> Accountability:
    assert open_accounts() > 0
    return Accountability.objects.get(card=red)


def settle(people, account, deed, who="supervisor"):
    return settle_account(account.pk, deed, actor=people.actor(who))


def stage(people, account):
    found = account_of(people.actor("supervisor"), account.pk)
    assert found is not None
    return stage_of(found).label


# --- opened ------------------------------------------------------------------------------------------------------


def test_a_red_card_opens_one_record_that_names_who_held_the_duty_then(people, red, account):
    assert (account.act, account.fault, account.seat_name) == ("red_card", "organ", "东乡便民服务中心")
    assert (account.breached_at, account.clock_id) == (red.effective_at, red.clock_id)
    assert account.holders
    assert account.citation
    assert open_accounts() == 0


def test_yellow_cards_and_cards_that_wait_open_nothing(people):
    late_card(people)
    assert open_accounts() == 0
    at("2026-03-02 10:00")
    card = card_by_hand(people)
    assert open_accounts() == 0
    confirm_card(card.pk, actor=people.actor("second"), reason="属实")
    assert open_accounts() == 1
    account = Accountability.objects.get(card=card)
    assert (account.clock_id, account.breached_at.astimezone(read_moment().at.tzinfo).date()) == (
        None,
        date(2026, 3, 3),
    )
    assert account.citation == card.citation


def test_a_default_action_goes_on_though_its_red_card_has_a_record(people):
    people.received(people.matter())
    at("2026-03-10 09:00")
    sweep()  # 视为受理 with a red card and a record of its own
    assert Accountability.objects.filter(act="deemed_accept").count() == 1
    cards = LimitWarning.objects.filter(clock_kind="acceptance", level="red")
    open_accounts()
    assert Accountability.objects.filter(card__in=cards).count() == 1


# --- settled -----------------------------------------------------------------------------------------------------


def test_a_record_is_handled_and_then_closed(people, account):
    assert stage(people, account) == "已登记"
    with pytest.raises(Refused, match="nothing_done"):
        settle(people, account, CLOSED)
    settle(people, account, TALK)
    assert stage(people, account) == "已处理"
    settle(people, account, CLOSED, "second")
    assert stage(people, account) == "已办结"
    for deed in (TALK, REFERRED, CLOSED):
        with pytest.raises(Refused, match="closed"):
            settle(people, account, deed)


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (Deed("forget", "x"), "stage"),
        (Deed("close", " "), "note"),
        (Deed("handle", "x"), "measure"),
        (Deed("handle", "x", "flog", "", "县", date(2026, 4, 20)), "stage"),
        (Deed("handle", "x", "talk", "", "", date(2026, 4, 20)), "decided_by"),
        (Deed("handle", "x", "talk", "", "县"), "done_on"),
        (Deed("handle", "x", "talk", "", "县", date(2026, 4, 21)), "done_on"),
        (Deed("refer", "x", done_on=date(2026, 4, 20)), "document_no"),
    ],
)
def test_a_deed_says_what_it_lacks(people, account, deed, field):
    with pytest.raises(Invalid) as refusal:
        settle(people, account, deed)
    assert refusal.value.problems[0].field == field


def test_a_revoked_card_is_pursued_no_more_and_its_record_says_so(people, red, account):
    appeal = appeal_card(red.pk, actor=people.actor("approver0"), reason="停电")
    review_card(appeal.pk, actor=people.actor("supervisor"), act="revoke", reason="属实")
    assert stage(people, account) == "已撤销"
    with pytest.raises(Refused, match="card_revoked"):
        settle(people, account, TALK)
    settle(people, account, CLOSED)
    assert stage(people, account) == "已办结"


@pytest.mark.parametrize(("who", "refusal"), [("director0", NotPermitted), ("approver0", NotPermitted)])
def test_only_who_watches_the_county_settles(people, account, who, refusal):
    with pytest.raises(refusal):
        settle(people, account, TALK, who)
    with pytest.raises(refusal):
        take_evidence(account.pk, actor=people.actor(who))


# --- the evidence ------------------------------------------------------------------------------------------------


def verified(folder):
    """Run the verifier that lies in the pack, alone: no path of the project, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, env={}, check=False
    )


@pytest.fixture
def pack(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder = tmp_path / "pack"
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    return folder


def test_the_pack_proves_itself_without_this_system(people, account, pack):
    done = verified(pack)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "核验未发现不符：记录链完整" in done.stdout
    assert "不能证明记录没有被整体重做" in done.stdout  # no anchor yet
    assert account.application.number in done.stdout
    card = json.loads((pack / "card.json").read_text(encoding="utf-8"))
    assert (card["level"], card["state"]) == ("红牌", "已发")
    assert card["rule"]
    assert json.loads((pack / "statement.json").read_text(encoding="utf-8"))["kind"] == "promised"
    assert json.loads((pack / "case.json").read_text(encoding="utf-8"))["acts"][0]["document_no"] == "示例移〔2026〕1号"


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", "别的理由"), ("at", "1"), ("actor_name", "张三"), ("detail", "{}"), ("hash", "0" * 64)],
)
def test_a_pack_that_was_touched_is_found_out_even_with_a_new_manifest(pack, field, value):
    events = json.loads((pack / "events.json").read_text(encoding="utf-8"))
    events[1][field] = value
    (pack / "events.json").write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
    assert "events.json：内容与清单的摘要不符" in verified(pack).stdout
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"]["events.json"]
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    done = verified(pack)
    assert done.returncode == 1
    assert "第 2 号记录" in done.stdout


def test_a_pack_whose_tail_or_file_is_missing_is_found_out(pack):
    events = json.loads((pack / "events.json").read_text(encoding="utf-8"))
    (pack / "events.json").write_text(json.dumps(events[:-1]), encoding="utf-8")
    (pack / "card.json").unlink()
    done = verified(pack)
    assert done.returncode == 1
    assert "末尾" in done.stdout
    assert "card.json：文件不见了" in done.stdout


def test_every_download_stays_on_record_and_only_of_what_was_referred(people, account):
    with pytest.raises(Refused, match="not_referred"):
        take_evidence(account.pk, actor=people.actor("supervisor"))
    settle(people, account, REFERRED)
    for who in ("supervisor", "second"):
        pack = take_evidence(account.pk, actor=people.actor(who))
        row = EvidenceDownload.objects.latest("pk")
        assert (row.user_id, row.sha256, row.size) == (people.people[who].pk, pack.sha256, len(pack.data))
    with pytest.raises(Refused, match="already_referred"):
        settle(people, account, REFERRED)
    with pytest.raises(NotFound):
        take_evidence(account.pk + 1000, actor=people.actor("supervisor"))


# --- exclusions --------------------------------------------------------------------------------------------------


def span(people, **changes):
    said = {"body": people.bureau.code, "starts_on": date(2026, 3, 2), "until": date(2026, 3, 31)}
    return Span(**said | {"document_no": "示例府发〔2026〕9号"} | changes)


def test_an_exclusion_holds_from_its_first_to_its_last_day_once_two_persons_signed(people):
    rule = propose_exclusion(span(people), actor=people.actor("supervisor"), reason="机构改革")
    assert exclusions_on(date(2026, 3, 2)) == []
    with pytest.raises(Refused, match="same_person"):
        confirm_exclusion(rule.pk, actor=people.actor("supervisor"))
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    held = {
        day: bool(exclusions_on(day))
        for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(held.values()) == [False, True, True, False]


def test_an_exclusion_that_is_ended_holds_no_more_from_that_day_on(people):
    rule = propose_exclusion(span(people, until=None), actor=people.actor("supervisor"), reason="机构改革")
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    at("2026-03-20 10:00")
    end_exclusion(rule.pk, actor=people.actor("second"), reason="改革完成")
    assert [bool(exclusions_on(day)) for day in (date(2026, 3, 19), date(2026, 3, 20))] == [True, False]
    with pytest.raises(Refused, match="not_in_force"):
        end_exclusion(rule.pk, actor=people.actor("supervisor"), reason="再结束")


@pytest.mark.parametrize("starts_on", [date(2026, 3, 31), date(2026, 3, 2)])
def test_a_rule_that_begins_within_a_period_leaves_nobody_out_of_it(people, starts_on):
    rule = propose_exclusion(
        span(people, body=people.townships[0].code, starts_on=starts_on, until=None),
        actor=people.actor("supervisor"),
        reason="机构改革",
    )
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    march = Period(PeriodKind.MONTH, date(2026, 3, 1))
    assert exclusions_of(people.hall, march) == []
    (left_out,) = exclusions_of(people.hall, march.following)
    assert (left_out.path, left_out.name) == (people.townships[0].path, people.townships[0].name)


def test_whoever_may_confirm_an_exclusion_is_told_and_sees_that_it_waits(people):
    given = {
        "body": people.bureau.code, "starts_on": "2026-03-02", "until": "", "document_no": "示例府发〔2026〕9号",
        "reason": "机构改革",
    }  # fmt: skip
    client = Client()
    client.force_login(people.people["supervisor"])
    assert client.post(reverse("supervision_exclusions"), given).status_code == 302
    rule = ExclusionRule.objects.get()
    told = Message.objects.filter(key=f"sign:exclusion:{rule.pk}")
    assert people.people["second"].pk in told.values_list("user_id", flat=True)
    assert "示例府发〔2026〕9号" in told[0].words
    assert "待您确认：不参加排名" not in client.get(reverse("supervision")).content.decode()
    client.force_login(people.people["second"])
    page = client.get(reverse("supervision")).content.decode()
    assert "待您确认：不参加排名 1 项" in page
    assert reverse("supervision_exclusion", args=[rule.pk]) in page
    mine = told.get(user=people.people["second"])
    assert (
        reverse("supervision_exclusion", args=[rule.pk])
        in client.get(reverse("message", args=[mine.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "nowhere"}, "body"),
        ({"starts_on": date(2026, 3, 1)}, "starts_on"),
        ({"until": date(2026, 3, 1)}, "until"),
        ({"document_no": " "}, "document_no"),
    ],
)
def test_an_exclusion_is_dated_forward_and_has_a_document(people, changes, field):
    with pytest.raises(Invalid) as refusal:
        propose_exclusion(span(people, **changes), actor=people.actor("supervisor"), reason="机构改革")
    assert refusal.value.problems[0].field == field


def test_what_was_confirmed_too_late_does_not_begin_in_the_past(people):
    rule = propose_exclusion(span(people), actor=people.actor("supervisor"), reason="机构改革")
    at("2026-03-03 10:00")
    with pytest.raises(Refused, match="backwards"):
        confirm_exclusion(rule.pk, actor=people.actor("second"))
    drop_exclusion(rule.pk, actor=people.actor("second"))


@pytest.mark.parametrize("who", ["director0", "bureau_director", "window0"])
def test_nobody_below_the_county_takes_itself_out_of_a_ranking(people, who):
    with pytest.raises(NotPermitted):
        propose_exclusion(span(people), actor=people.actor(who), reason="机构改革")


@pytest.mark.django_db(transaction=True)
def test_the_pack_names_the_anchors_that_a_bulletin_prints(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    mark = anchor_ledger()
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder = tmp_path / "pack"
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    done = verified(folder)
    assert done.returncode == 0, done.stdout
    assert "就证明记录链在封存以后没有改动" in done.stdout
    assert f"锚点 {mark.code} 封存了其中" in done.stdout
    anchors = json.loads((folder / "anchors.json").read_text(encoding="utf-8"))
    anchors[0]["line"] = anchors[0]["line"].replace('"serial":', '"Serial":', 1)
    (folder / "anchors.json").write_text(json.dumps(anchors), encoding="utf-8")
    assert "这一行与公报上的锚点码不符" in verified(folder).stdout


def forged(folder, name, change):
    """Change a file of the pack as its forger would: the manifest says the new digest."""
    value = json.loads((folder / name).read_text(encoding="utf-8"))
    value = change(value)
    (folder / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    if name == "manifest.json":
        return
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def chained_anew(events):
    """The same events with another reason, every hash computed anew."""
    before = ""
    for event in events:
        event["prev_hash"] = before
        event["reason"] = "别的理由"
        before = event["hash"] = verify_pack.hash_of(event)
    return events


@pytest.mark.django_db(transaction=True)
def test_a_pack_that_was_forged_as_a_whole_never_says_that_nothing_was_changed(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    anchor_ledger()
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder, packed = tmp_path / "pack", tmp_path / "pack.zip"
    packed.write_bytes(found.data)
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)

    def run(place, *digest):
        program = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(place), *digest]
        return subprocess.run(program, capture_output=True, text=True, env={}, check=False)

    whole = run(packed, found.sha256)
    assert whole.returncode == 0, whole.stdout
    assert "其中的文件都没有改动" in whole.stdout
    assert run(packed, "0" * 64).returncode == 1
    # Holder, organ and card are in no chain: nothing is claimed of them without the digest of the pack.
    forged(folder, "case.json", lambda case: case | {"organ": "别的局", "holders": []})
    forged(folder, "card.json", lambda card: card | {"level": "黄牌"})
    touched = run(folder)
    assert "不在记录链里：只有整包的 SHA-256" in touched.stdout
    assert "其中的文件都没有改动" not in touched.stdout
    forged(folder, "case.json", lambda case: case | {"status": "draft"})
    assert "办件状态与记录链的末条不符" in run(folder).stdout
    # A chain computed anew is another one than the anchors sealed.
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    forged(folder, "events.json", chained_anew)
    events = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    head = {"seq": int(events[-1]["seq"]), "hash": events[-1]["hash"]}
    forged(folder, "manifest.json", lambda manifest: manifest | {"head": head})
    anew = run(folder)
    assert anew.returncode == 1
    assert "锚点封存的不是这一条" in anew.stdout
    # Without anchors nothing contradicts it, and nothing is proven.
    forged(folder, "anchors.json", lambda _anchors: [])
    empty = run(folder)
    assert empty.returncode == 2
    assert "没有锚点封存全部办件记录" in empty.stdout
    assert "没有改动" not in empty.stdout
