"""Sets, policies, checks, payloads: and the command's word on the same."""

import json
import pickle

import pytest

import iocpack
from conftest import ROOT

REPORT = (ROOT / "tests/data/sample-report.txt").read_bytes()


def kept():
    found = iocpack.IndicatorSet()
    found.scan(REPORT)
    held = found.hold(iocpack.Policy())
    return found, held


def test_a_set_counts_and_knows_the_first_place():
    text = "a.example.com, 192.0.2.1, A[.]example[.]com"
    found = iocpack.IndicatorSet(iocpack.scan(text))
    assert len(found) == 2 and ("domain", "a.example.com") in found
    scanned = iocpack.IndicatorSet()
    assert scanned.scan(text) == 2
    assert [(it.value, it.count, it.first) for it in scanned] == [
        ("a.example.com", 2, (0, 13)),
        ("192.0.2.1", 1, (15, 24)),
    ]
    assert scanned.scan(text, types=["ip"]) == 0
    other = iocpack.IndicatorSet([("md5", "0" * 31 + "1")])
    other.merge(scanned)
    assert other.counts() == {"domains": 1, "urls": 0, "ips": 1, "hashes": 1}
    assert other != scanned


def test_an_indicator_is_its_type_and_its_value():
    it = iocpack.Indicator("url", "HTTP://Example.com")
    assert (it.type, it.value) == ("url", "http://example.com/")
    assert it == iocpack.Indicator("url", "http://example.com/")
    assert pickle.loads(pickle.dumps(it)) == it and it.id is not None
    assert iocpack.Indicator("ip", "2001:db8::1").type == "ipv6"
    for type_, value in [("ipv4", "2001:db8::1"), ("domain", "a b")]:
        with pytest.raises(iocpack.InvalidError, match="^value: "):
            iocpack.Indicator(type_, value)
    with pytest.raises(iocpack.ArgumentError, match='^type: .*"mail"'):
        iocpack.Indicator("mail", "x")
    for bad in (None, "x", ("domain",)):
        with pytest.raises(TypeError, match="^item: expected a Match"):
            iocpack.IndicatorSet().add(bad)


def test_a_policy_holds_with_a_reason():
    policy = iocpack.Policy(
        own=["example.org"],
        allow_lists=[("mine", "example.net\nnot an entry\n")],
        release=["private-address"],
    )

    def judge(*it):
        return policy.judge(it)

    assert judge("ipv4", "10.0.0.1") is None
    assert judge("domain", "a.example.org").reason == "own"
    assert judge("domain", "www.example.net").rule.startswith("mine")
    assert len(policy.problems) == 1 and "line 2" in policy.problems[0]
    with pytest.raises(iocpack.ArgumentError, match="release"):
        iocpack.Policy(release=["nothing"])
    with pytest.raises(iocpack.FormatError, match="mine"):
        iocpack.Policy(allow_lists=[("mine", "{")])
    with pytest.raises(TypeError, match="^allow_lists: "):
        iocpack.Policy(allow_lists=[("mine", None)])


def test_a_check_says_what_the_command_says(command, tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(REPORT)
    report = iocpack.check(REPORT)
    assert not report.is_clean
    assert report.fixed.encode() == command("check", "--fix", path)
    assert report.line_count == REPORT.count(b"\n")
    assert sum(it["held"] for it in report.summary.values()) == len(
        [it for it in report.findings if it.fate == "held"]
    )
    for it in report.findings:
        assert REPORT[it.start : it.end] == it.raw
    with pytest.raises(TypeError, match="^text: "):
        iocpack.check(None)


def test_a_plan_is_that_of_the_command(command, tmp_path):
    found, held = kept()
    plan = iocpack.Collection("Grey Heron", "An invented campaign").plan(found)
    assert len(held) == 4 and plan.counts["domains"] == 5
    path = tmp_path / "plan.json"
    command(
        "pack",
        ROOT / "tests/data/sample-report.txt",
        "--name=Grey Heron",
        "--description=An invented campaign",
        "--plan",
        path,
    )
    assert plan.to_json() == path.read_bytes()
    mine = tmp_path / "mine.json"
    plan.write(mine)
    assert mine.read_bytes() == plan.to_json()
    with pytest.raises(FileNotFoundError):
        plan.write(tmp_path / "no" / "plan.json")


def test_a_large_plan_has_many_requests():
    found = iocpack.IndicatorSet(
        ("ipv4", f"192.0.2.{i}") for i in range(256)
    )
    plan = iocpack.Collection("n", "d").plan(found, max_items=100)
    assert len(plan) == plan.cost == 3 and plan.marker
    update = iocpack.Collection(tags=["a"]).plan(found, update="abc")
    assert update.requests[0].path == "/collections/abc"


def test_what_cannot_be_planned_is_refused():
    found, _ = kept()
    with pytest.raises(iocpack.ArgumentError, match="^name: "):
        iocpack.Collection().plan(found)
    named = iocpack.Collection("n", "d")
    with pytest.raises(iocpack.ArgumentError, match="collection id"):
        named.plan(found, update="a/b")
    with pytest.raises(iocpack.ArgumentError, match="^order: expected"):
        named.plan(found, order="odd")
    with pytest.raises(TypeError, match="items"):
        named.plan(None)


def test_a_payload_is_judged():
    found, _ = kept()
    plan = iocpack.Collection("n", "d").plan(found)
    good = iocpack.lint(plan.requests[0].body)
    assert good.is_clean and len(good.items) == len(found) and good.private is True
    body = json.loads(plan.requests[0].body)
    body["data"]["type"] = "colection"
    bad = iocpack.lint(json.dumps(body))
    assert [it.pointer for it in bad.findings] == ["/data/type"]
    assert not iocpack.lint("{").is_clean
    with pytest.raises(iocpack.ArgumentError, match="^purpose: "):
        iocpack.lint("", purpose="odd")
