"""Work that is logged too late waits for an approval (domain.md 3.4)."""

import datetime
import json

import pytest

from client import Refused
from company import uuid7
from contract import types
from daemon import wait_until
from psql import psql
from test_agent import Agent
from test_outbox import GOOD, NOWHERE, Device, device  # noqa: F401
from test_push import Subscriber

TODAY = datetime.datetime.now(datetime.UTC).date()


def days_ago(count):
    return str(TODAY - datetime.timedelta(days=count))


LONG_AGO = days_ago(30)


def intake(outcome):
    return types.Intake.Name(outcome.intake).removeprefix("INTAKE_").lower()


def log(company, fact, who):
    return company.log(fact, who=who)[0]


def waiting(company, who, **fields):
    return [fact.id for fact in company.login(who).pages("FactService.Pending", "facts", **fields)]


def visits(company, who="n1.1", day=LONG_AGO):
    row = company.rollup(person=company.handle(who), from_date=day, to_date=day).get(("", "visits"))
    return (row.actual, row.effective) if row else (0, 0)


def working_day_before(count):
    """The latest day with that many working days after it, today among them."""
    day = TODAY
    while count > 0:
        count -= day.weekday() < 5
        day -= datetime.timedelta(days=1)
    while day.weekday() >= 5:
        day -= datetime.timedelta(days=1)
    return str(day)


def test_3_4_kept_shown_and_not_counted_until_a_leader_sends_it(company):
    before = visits(company)
    fact = company.good("visit", date=LONG_AGO, recorded_at=None)
    for _ in range(2):
        outcome = log(company, fact, "n1.1")
        assert (intake(outcome), outcome.HasField("effective"), outcome.local_date) == (
            "pending", False, LONG_AGO)
    assert fact["id"] in waiting(company, "n1.1") and fact["id"] in waiting(company, "lead.n1")
    assert visits(company) == before
    with pytest.raises(Refused):
        company.login("n1.1").call("CustomerService.Show", customer=fact["customer"])
    sent, = [it for it in company.login("lead.n1").pages("FactService.Pending", "facts")
             if it.id == fact["id"]]
    assert (sent.person, sent.customer, sent.minutes) == (
        company.handle("n1.1"), fact["customer"], fact["minutes"])
    outcome, = company.login("lead.n1").call("FactService.Log", facts=[sent]).outcomes
    assert (intake(outcome), outcome.effective) == ("accepted", True)
    assert visits(company) == (before[0] + 1, before[1] + 1)
    assert intake(log(company, fact, "n1.1")) == "known"
    assert fact["id"] not in waiting(company, "lead.n1")
    assert company.daemon.check().returncode == 0


def test_3_4_the_limit_is_in_working_days(company):
    # On a day off the days after it are fewer than it seems.
    for days in range(1, 3):
        fact = company.good("visit", date=working_day_before(days), recorded_at=None)
        assert intake(log(company, fact, "n1.2")) == "accepted", days
    assert intake(log(company, company.good("visit", date=working_day_before(3), recorded_at=None), "n1.2")) == (
        "pending")


def test_3_4_recorded_in_time_and_sent_late_counts(company):
    recorded = datetime.datetime.fromisoformat(f"{LONG_AGO}T12:00:00+00:00")
    for hours, wanted in ((0, "accepted"), (24, "accepted"), (24 * 10, "pending")):
        at = int(recorded.timestamp()) + hours * 3600
        fact = company.good("visit", date=LONG_AGO, recorded_at={"seconds": at})
        assert intake(log(company, fact, "n1.3")) == wanted
    # Nothing is recorded in time that is recorded later than now.
    fact = company.good("visit", date=days_ago(0), recorded_at={"seconds": 4102444800})
    assert intake(log(company, fact, "n1.3")) == "accepted"


def test_3_4_a_day_that_the_daemon_remembers_is_no_way_round(company):
    noon = {"seconds": int(datetime.datetime.fromisoformat(f"{LONG_AGO}T12:00Z").timestamp())}
    for recorded, wanted in ((noon, "accepted"), (noon, "accepted"), (None, "pending")):
        fact = company.good("visit", occurred_at=noon, recorded_at=recorded)
        assert intake(log(company, fact, "n1.3")) == wanted


def test_3_4_of_no_working_day_the_offices_day_decides(company):
    """With the limit at 0 work is logged on its own day, up to the office's midnight."""
    day = datetime.date.fromisoformat(working_day_before(1))
    next_day = day + datetime.timedelta(days=1)
    while next_day.weekday() >= 5:
        next_day += datetime.timedelta(days=1)
    short, unit = "d" + str(next(company.numbers)), company.unit("East/East 1")
    company.director.call("OrgService.Import", rows=[
        {"line": 1, "unit": unit, "kinds": "region/office", "handle": company.handle(short),
         "name": short, "from_date": "2024-01-01", "time_zone": "Asia/Shanghai"}])
    company.director.call("SettingService.Set", unit=unit, key="backdating_days", value="0",
                          from_date="2024-01-01")
    for of, at, wanted in ((day, "23:59:59", "accepted"), (next_day, "00:00:00", "pending")):
        recorded = datetime.datetime.fromisoformat(f"{of}T{at}+08:00").timestamp()
        fact = company.good("visit", date=str(day), recorded_at={"seconds": int(recorded)})
        assert intake(log(company, fact, short)) == wanted
        at_noon = {**fact, "id": uuid7(), "occurred_at": {"seconds": int(
            datetime.datetime.fromisoformat(f"{day}T12:00+08:00").timestamp())}}
        del at_noon["date"]
        assert intake(log(company, at_noon, short)) == wanted
    assert intake(log(company, company.good("visit"), short)) == "accepted"


def test_3_4_the_limit_is_a_setting_of_a_unit(company):
    company.login().call("SettingService.Set", unit=company.unit("South"), value="60",
                         key="backdating_days", from_date="2024-01-01")
    assert intake(log(company, company.good("visit", date=LONG_AGO, recorded_at=None), "s1.1")) == "accepted"
    assert intake(log(company, company.good("visit", date=LONG_AGO, recorded_at=None), "n2.1")) == "pending"


def test_3_4_whoever_may_approve_needs_no_approval(company):
    for who, fact in (("lead.n1", company.good("visit", "n1.1", date=LONG_AGO, recorded_at=None)),
                      ("lead.n1", company.good("visit", date=LONG_AGO, recorded_at=None)),
                      ("boss", company.good("visit", date=LONG_AGO, recorded_at=None))):
        assert intake(log(company, fact, who)) == "accepted"


def test_3_4_in_a_batch_the_others_count(company):
    late = [company.good(kind, date=LONG_AGO, recorded_at=None) for kind in ("visit", "signing", "new_customer")]
    today = [company.good("visit", date=days_ago(0)) for _ in range(3)]
    outcomes = company.log(late[0], today[0], late[1], today[1], late[2], today[2], who="n2.2")
    assert [intake(it) for it in outcomes] == ["pending", "accepted"] * 3
    assert sorted(waiting(company, "n2.2")) == sorted(fact["id"] for fact in late)
    assert not company.login("n2.2").pages("DealService.List", "deals",
                                           person=company.handle("n2.2"), state="DEAL_STATE_SIGNED")
    for outcome in company.log(late[0], dry_run=True, who="n2.2"):
        assert intake(outcome) == "pending"


def test_3_4_declined_it_stays_out(company):
    fact = company.good("visit", date=LONG_AGO, recorded_at=None)
    log(company, fact, "n1.1")
    decline = {"person": company.handle("n1.1"), "id": fact["id"], "reason": "nobody was there"}
    for who in ("n1.1", "n1.2", "lead.n2"):
        with pytest.raises(Refused) as caught:
            company.login(who).call("FactService.Decline", **decline)
        assert caught.value.status == "FORBIDDEN"
    company.login("lead.n1").call("FactService.Decline", **decline)
    outcome = log(company, fact, "n1.1")
    assert (intake(outcome), outcome.code) == ("refused", "fact_declined")
    assert "nobody was there" in outcome.message
    assert fact["id"] not in waiting(company, "lead.n1")
    with pytest.raises(Refused) as caught:
        company.login("lead.n1").call("FactService.Decline", **decline)
    assert caught.value.code == "nothing_pending"


def test_others_hear_nothing_of_it(company):
    fact = company.good("visit", date=LONG_AGO, recorded_at=None)
    log(company, fact, "n1.1")
    for who in ("n1.2", "lead.n2", "s1.1"):
        assert fact["id"] not in waiting(company, who)
    assert fact["id"] in waiting(company, "boss")
    assert fact["id"] in waiting(company, "lead.n1", person=company.handle("n1.1"), page_size=1)
    # The same id from somebody else is another one's.
    assert intake(log(company, fact, "n1.2")) == "pending"
    assert fact["id"] in waiting(company, "n1.2")


@pytest.mark.parametrize("lang", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_from_the_outbox_to_the_supervisor(company, tmp_path, lang):
    it = Device(company, "n2.1", tmp_path)
    name = company.customer()
    shown = it.run("log", "visit", name, *GOOD, "--date", LONG_AGO, lang=lang)
    assert shown.returncode == 0, shown.stderr
    assert it.status()["waiting"] == "0" and "refused" not in it.run("sync", "status").stdout
    assert ("pending approval" in shown.stdout) == (lang == "en_US.UTF-8")
    told = json.loads(company.cli("fact", "pending", "--json", who="lead.n2").stdout)["facts"]
    mine, = [fact for fact in told if fact["customer"] == name]
    pending = company.cli("fact", "pending", who="lead.n2", lang=lang)
    assert mine["id"][-8:] in pending.stdout and mine["person"] in pending.stdout
    assert company.cli("fact", "approve", who="lead.n2", lang=lang).returncode == 2
    own = company.cli("fact", "approve", mine["id"][-8:], who="n2.1", lang=lang)
    assert own.returncode == 1 and mine["id"][-8:] in own.stdout and name not in it.in_centre()
    done = company.cli("fact", "approve", mine["id"][-8:], who="lead.n2", lang=lang)
    assert done.returncode == 0, done.stderr
    assert company.cli("fact", "approve", mine["id"][-8:], who="lead.n2").returncode == 1
    assert name in it.in_centre()
    it.run("log", "visit", name, *GOOD, "--date", LONG_AGO)
    told = json.loads(company.cli("fact", "pending", "--json", who="n2.1").stdout)["facts"]
    assert company.cli("fact", "decline", told[-1]["id"], who="lead.n2").returncode == 2
    assert company.cli("fact", "decline", told[-1]["id"], "--reason", "no", who="lead.n2",
                       lang=lang).returncode == 0
    assert company.cli("fact", "approve", "--all", "--yes", who="lead.n2", lang=lang).returncode == 0
    assert it.run("fact", "pending", address=NOWHERE).returncode == 3


def test_a_fact_that_is_named_twice_is_approved_once(company):
    for _ in range(2):
        log(company, company.good("visit", date=LONG_AGO, recorded_at=None), "n2.2")
    person = ("--person", company.handle("n2.2"))
    first, second = waiting(company, "lead.n2", person=person[1])
    told = company.cli("fact", "approve", *(150 * [first]), "--dry-run", "--json", who="lead.n2")
    assert told.returncode == 0, told.stderr
    assert [fact["id"] for fact in json.loads(told.stdout)["facts"]] == [first]
    done = company.cli("fact", "approve", *(150 * [first]), who="lead.n2")
    assert (done.returncode, done.stdout) == (0, "1 fact is approved and counts.\n")
    assert waiting(company, "lead.n2", person=person[1]) == [second]
    done = company.cli("fact", "approve", "--all", *person, "--yes", "--json", who="lead.n2")
    assert [fact["id"] for fact in json.loads(done.stdout)["outcomes"]] == [second]


def test_what_waits_is_found_after_a_move(company):
    """An approved fact is of the office of its day, wherever that turns out to have been."""
    short = "d" + str(next(company.numbers))
    company.login().call("PersonService.Add", handle=company.handle(short), name=short,
                         unit=company.unit("North/North 1"), from_date="2024-01-01")
    fact = company.good("visit", date=LONG_AGO, recorded_at=None)
    assert intake(log(company, fact, short)) == "pending"
    company.login().call("PersonService.Move", person=company.handle(short), from_date=days_ago(40),
                         unit=company.unit("South/South 1"))
    sent, = company.login("boss").pages("FactService.Pending", "facts",
                                        person=company.handle(short))
    outcome, = company.login("boss").call("FactService.Log", facts=[sent]).outcomes
    assert intake(outcome) == "accepted"
    assert waiting(company, "boss", person=company.handle(short)) == []
    assert psql(company.daemon, "SELECT u.path FROM tiejun.fact AS f JOIN tiejun.unit AS u ON "
                                f"u.id = f.unit_id WHERE f.id = '{fact['id']}'"
                ) == company.unit("South/South 1") + "\n"


DECIDED = ["fact_declined", "fact_approved", "fact_voided"]


def test_a_rep_hears_what_became_of_it(company):
    """Of what a leader decides; not of its own doing, nor of what waited for nobody."""
    late = [company.good("visit", date=LONG_AGO, recorded_at=None) for _ in range(4)]
    company.log(*late, who="n1.1")
    lead = company.login("lead.n1")
    with Subscriber(company, "n1.1", topics=DECIDED) as rep:
        lead.call("FactService.Decline", person=company.handle("n1.1"), id=late[0]["id"],
                  reason="nobody was there")
        told = rep.next()
        assert (told.topic, told.fact, told.customer, told.from_date, told.reason, told.actor) == (
            "fact_declined", late[0]["id"], late[0]["customer"], LONG_AGO, "nobody was there",
            company.handle("lead.n1"))
        waits = [it for it in lead.pages("FactService.Pending", "facts") if it.id in
                 [fact["id"] for fact in late]]
        lead.call("FactService.Log", facts=waits)
        told = rep.next()
        assert (told.topic, told.more, types.FactKind.Name(told.kind)) == (
            "fact_approved", 2, "FACT_KIND_VISIT")
        own = company.good("visit", "n1.1", date=days_ago(0))
        company.log(own, who="lead.n1")
        company.log(company.fact("void", voids=late[1]["id"]), who="n1.1")
        company.log(company.fact("void", "n1.1", voids=own["id"], note="twice"), who="lead.n1")
        told = rep.next()
        assert (told.topic, told.fact, told.reason) == ("fact_voided", own["id"], "twice")


def test_an_answer_to_what_was_decided_stays_the_same(company):
    """However often it is sent; and what is decided waits no more."""
    facts = [company.good("visit", date=LONG_AGO, recorded_at=None) for _ in range(2)]
    company.log(*facts, who="n2.1")
    lead = company.login("lead.n2")
    lead.call("FactService.Decline", person=company.handle("n2.1"), id=facts[0]["id"], reason="no")
    company.log({**facts[1], "person": company.handle("n2.1")}, who="lead.n2")
    for _ in range(2):
        assert [intake(it) for it in company.log(*facts, who="n2.1")] == ["refused", "known"]
        assert waiting(company, "lead.n2", person=company.handle("n2.1")) == []


def test_a_day_shows_what_waits_and_counts_none_of_it(company):
    long_ago = days_ago(31)
    fact = company.good("visit", date=long_ago, recorded_at=None)
    before = visits(company, "n1.2", long_ago)
    log(company, fact, "n1.2")
    for who in ("n1.2", "lead.n1"):
        day = company.login(who).call("FactService.ShowDay", person=company.handle("n1.2"), date=long_ago)
        assert [(it.id, it.customer) for it in day.pending] == [(fact["id"], fact["customer"])]
        assert fact["id"] not in [it.id for it in day.facts]
        assert [(it.done, it.effective) for it in day.metrics if it.metric == "visits"] in ([], [before])
    shown = company.cli("day", long_ago, who="n1.2")
    assert "waits for an approval and is not counted" in shown.stdout
    assert fact["customer"] in shown.stdout
    company.log({**fact, "person": company.handle("n1.2")}, who="lead.n1")
    assert not company.login("n1.2").call("FactService.ShowDay", date=long_ago).pending


def test_what_waits_is_part_of_the_day_without_the_daemon_too(company, device):  # noqa: F811
    """Also what was sent after the day was last asked for."""
    team = company.unit("North/North 1")

    def let(days, weekdays):
        company.director.call("SettingService.Set", unit=team, key="backdating_days", value=days)
        company.director.call("CalendarService.SetWeek", unit=team, weekday_mask=weekdays,
                              from_date="2024-01-01")
    let("0", 0b1111111)
    try:
        names = [company.customer() for _ in range(2)]
        for name in names:
            device.run("log", "visit", name, *GOOD, "--date", "yesterday")
            with_daemon = json.loads(device.run("day", "yesterday", "--json").stdout)
            without = json.loads(device.run("day", "yesterday", "--json", address=NOWHERE).stdout)
            assert {it["id"] for it in without["pending"]} == {it["id"] for it in with_daemon["pending"]}
        assert sorted(it["customer"] for it in without["pending"]) == sorted(names)
        assert "facts" not in without
    finally:
        let("2", 0b0011111)


def decline(company, name):
    """By its supervisor; returns its id."""
    told = json.loads(company.cli("fact", "pending", "--json", who="lead.n1").stdout)["facts"]
    mine, = [fact for fact in told if fact.get("customer") == name]
    assert company.cli("fact", "decline", mine["id"], "--reason", "which day?",
                       who="lead.n1").returncode == 0
    return mine["id"]


def test_what_is_declined_comes_back_to_be_mended(company, device):  # noqa: F811
    name = company.customer()
    device.run("log", "visit", name, *GOOD, "--date", LONG_AGO)
    assert device.status()["pending"] == "1"
    first = decline(company, name)
    assert device.rejected() == [], "without the daemon nobody knows"
    shown = device.run("sync", "rejected")
    assert shown.returncode == 0 and "which day?" in shown.stdout
    again = device.run("sync", "retry", first)
    assert again.returncode == 1 and [it["fact"]["id"] for it in device.rejected()] == [first]
    mended = device.run("sync", "retry", first, "--set", f"date={days_ago(40)}")
    assert mended.returncode == 0, mended.stderr
    assert (device.rejected(), device.status()["pending"]) == ([], "1")
    waits, = waiting(company, "lead.n1", person=company.handle(device.who))
    assert waits != first
    company.cli("fact", "approve", waits, who="lead.n1")
    assert device.run("sync", "flush").returncode == 0
    assert (device.status()["pending"], device.in_centre()) == ("0", [name])


def test_the_agent_brings_it_back_by_itself(company, device, tmp_path):  # noqa: F811
    name = company.customer()
    device.run("log", "visit", name, *GOOD, "--date", LONG_AGO)
    agent = Agent([device], tmp_path)
    try:
        declined = decline(company, name)
        wait_until(lambda: [it["fact"]["id"] for it in device.rejected()] == [declined],
                   "it comes back")
        wait_until(lambda: "which day?" in agent.log(), "and is told")
    finally:
        assert agent.stop() == 0
