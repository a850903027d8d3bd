"""Track the process (domain.md 3.1 to 3.3): facts, verdicts, days, and whose they are."""

import itertools

import pytest

from client import Refused, instant
from company import EFFECTIVE, uuid7
from contract import types

DAY = "2025-06-10"
FUTURE = {"seconds": 4102444800}


@pytest.fixture(scope="module")
def director(company):
    return company.login()


days = itertools.count(1)


@pytest.fixture
def day():
    """A day that no other test of this module has."""
    number = next(days)
    return f"2024-{1 + number // 28:02}-{1 + number % 28:02}"


def intake(outcome):
    return types.Intake.Name(outcome.intake).removeprefix("INTAKE_").lower()


def log_one(company, fact, **options):
    outcome, = company.log(fact, **options)
    assert intake(outcome) in {"accepted", "known"}, outcome
    return outcome


def listed(client, **fields):
    return client.pages("FactService.List", "facts", **fields)


def done(company, unit, day, metric="visits"):
    row = company.rollup(unit=unit, from_date=day, to_date=day, metrics=[metric]).get(("", metric))
    return (row.actual, row.effective) if row else (0, 0)


# Once, however often it is sent (3.1).


def test_3_1_sent_again_is_known(company, director, day):
    fact = company.good("visit", "n1.1", date=day)
    first = log_one(company, fact)
    assert (intake(first), first.effective, first.local_date) == ("accepted", True, day)
    for _ in range(3):
        again = log_one(company, fact)
        assert (intake(again), again.effective, again.local_date) == ("known", True, day)
    assert done(company, "/fact", day) == (1, 1)


def test_3_1_sent_again_with_other_words_changes_nothing(company, director, day):
    fact = company.good("visit", "n1.1", date=day, note="first")
    log_one(company, fact)
    again = log_one(company, {**fact, "note": "second", "minutes": 1, "date": "2024-12-31"})
    assert (intake(again), again.effective, again.local_date) == ("known", True, day)
    record, = listed(director, person="fact.n1.1", from_date=day, to_date=day)
    assert record.note == "first"


def test_3_1_twice_in_one_batch(company, day):
    fact = company.good("visit", "n1.1", date=day)
    outcomes = company.log(fact, company.good("visit", "n1.1", date=day), fact)
    assert [intake(o) for o in outcomes] == ["accepted", "accepted", "known"]
    assert done(company, "/fact", day) == (2, 2)


def test_3_1_the_same_batch_through_two_connections_at_once(company, day):
    facts = [company.good("visit", "n1.1", date=day) for _ in range(50)]
    with company.daemon.client() as one, company.daemon.client() as other:
        numbers = [(one, one.send("FactService.Log", facts=facts)),
                   (other, other.send("FactService.Log", facts=facts[::-1]))]
        answers = [client.take(number).outcomes for client, number in numbers]
    accepted = [o.id for o in itertools.chain(*answers) if intake(o) == "accepted"]
    assert sorted(accepted) == sorted(fact["id"] for fact in facts)
    assert done(company, "/fact", day) == (50, 50)


def test_3_1_known_after_its_person_has_moved(company, director):
    """A fact stays with the office of its day, and is still the same fact."""
    director.call("PersonService.Add", handle="fact.mover", name="Mover",
                  unit="/fact/North/North 2", from_date="2024-01-01")
    fact = {**company.good("visit", date="2025-01-10"), "person": "fact.mover"}
    log_one(company, fact)
    director.call("PersonService.Move", person="fact.mover", unit="/fact/South/South 1",
                  from_date="2025-02-01")
    assert intake(log_one(company, fact)) == "known"
    late = {**company.good("visit", date="2025-01-20"), "person": "fact.mover"}
    after = {**company.good("visit", date="2025-02-20"), "person": "fact.mover"}
    log_one(company, late), log_one(company, after)
    assert [r.unit for r in listed(director, person="fact.mover")] == [
        "/fact/South/South 1", "/fact/North/North 2", "/fact/North/North 2"]


def test_1_1_a_move_into_counted_days_is_refused(company, director):
    director.call("PersonService.Add", handle="fact.settled", name="Settled",
                  unit="/fact/North/North 2", from_date="2024-01-01")
    log_one(company, {**company.good("visit", date="2025-03-10"), "person": "fact.settled"})
    with pytest.raises(Refused) as caught:
        director.call("PersonService.Move", person="fact.settled", unit="/fact/South/South 1",
                      from_date="2025-03-10")
    assert (caught.value.status, caught.value.code) == ("CONFLICT", "facts_since")
    director.call("PersonService.Move", person="fact.settled", unit="/fact/South/South 1",
                  from_date="2025-03-11")


# Corrections (3.1).


def void(company, fact, person, **fields):
    return company.fact("void", person, voids=fact["id"], **fields)


def test_3_1_a_void_takes_a_fact_back_and_both_stay_readable(company, director, day):
    wrong, right = company.good("visit", "n1.1", date=day), company.good("visit", "n1.1", date=day)
    log_one(company, wrong), log_one(company, right)
    took_back = void(company, wrong, "n1.1", note="wrong customer")
    assert intake(log_one(company, took_back)) == "accepted"
    assert done(company, "/fact", day) == (1, 1)
    records = {r.id: r for r in listed(director, person="fact.n1.1", from_date=day, to_date=day)}
    assert records[wrong["id"]].voided_by == took_back["id"]
    assert records[right["id"]].voided_by == ""
    voids = listed(director, person="fact.n1.1", kind="FACT_KIND_VOID")
    shown, = (record for record in voids if record.id == took_back["id"])
    assert (shown.customer, shown.summary) == (wrong["customer"], "wrong customer")


def test_3_1_a_void_sent_again_is_known(company, day):
    wrong = company.good("signing", "n1.1", date=day)
    log_one(company, wrong)
    took_back = void(company, wrong, "n1.1")
    assert intake(log_one(company, took_back)) == "accepted"
    assert intake(log_one(company, took_back)) == "known"
    assert done(company, "/fact", day, "revenue") == (0, 0)


def test_3_1_a_fact_and_its_void_in_one_batch(company, day):
    wrong = company.good("visit", "n1.1", date=day)
    outcomes = company.log(wrong, void(company, wrong, "n1.1"))
    assert [intake(o) for o in outcomes] == ["accepted", "accepted"]
    assert done(company, "/fact", day) == (0, 0)


def test_3_1_voids_that_cannot_be(company, day):
    fact = company.good("visit", "n1.1", date=day)
    log_one(company, fact)
    took_back = void(company, fact, "n1.1")
    log_one(company, took_back)
    outcomes = company.log(
        void(company, fact, "n1.1"),
        void(company, {"id": uuid7()}, "n1.1"),
        void(company, fact, "n1.2"),
        void(company, took_back, "n1.1"),
        company.fact("void", "n1.1"),
        company.good("visit", "n1.1", voids=fact["id"]))
    assert [o.code for o in outcomes] == [
        "voided_already", "nothing_to_void", "nothing_to_void", "nothing_to_void",
        "nothing_to_void", "not_a_void"]
    assert {o.field for o in outcomes} == {"voids"}
    assert all(intake(o) == "refused" and o.message for o in outcomes)


def test_3_1_two_voids_of_one_fact_at_once(company, day):
    fact = company.good("visit", "n1.1", date=day)
    log_one(company, fact)
    with company.daemon.client() as one, company.daemon.client() as other:
        numbers = [(client, client.send("FactService.Log", facts=[void(company, fact, "n1.1")]))
                   for client in (one, other)]
        answers = []
        for client, number in numbers:
            try:
                answers.append(intake(client.take(number).outcomes[0]))
            except Refused as error:
                assert error.status in {"CONFLICT", "BUSY", "UNAVAILABLE"}, error
                answers.append("refused")
    assert sorted(answers) == ["accepted", "refused"]
    assert done(company, "/fact", day) == (0, 0)


# Verdicts (3.2).


def without(kind, *names, **fields):
    return {**{n: v for n, v in EFFECTIVE[kind].items() if n not in names}, **fields}


@pytest.mark.parametrize("kind, lacks, fields, reasons", [
    ("appointment", [], {}, []),
    ("appointment", ["scheduled_at"], {}, ["not_in_future"]),
    ("appointment", [], {"scheduled_at": instant("2025-06-10T11:59:59Z")}, ["not_in_future"]),
    ("appointment", [], {"scheduled_at": instant("2025-06-10T12:00:00Z")}, ["not_in_future"]),
    ("appointment", [], {"scheduled_at": instant("2025-06-10T12:00:01Z")}, []),
    ("appointment", ["decision_maker"], {}, ["no_decision_maker"]),
    ("appointment", [], {"decision_maker": " \u3000 "}, ["no_decision_maker"]),
    ("appointment", ["purpose"], {}, ["no_purpose"]),
    ("appointment", ["scheduled_at", "decision_maker", "purpose"], {},
     ["not_in_future", "no_decision_maker", "no_purpose"]),
    ("visit", [], {}, []),
    ("visit", ["contact_role"], {}, ["no_contact_role"]),
    ("visit", [], {"minutes": 15}, []),
    ("visit", [], {"minutes": 14}, ["too_short"]),
    ("visit", ["minutes"], {}, ["too_short"]),
    ("visit", ["outcome"], {}, ["no_outcome"]),
    ("visit", ["next_step"], {}, ["no_next_step"]),
    ("visit", ["next_step_date"], {}, ["no_next_step_date"]),
    ("visit", [], {"next_step_date": DAY}, []),
    ("visit", [], {"next_step_date": "2025-06-09"}, ["next_step_in_past"]),
    ("visit", list(EFFECTIVE["visit"]), {},
     ["no_contact_role", "too_short", "no_outcome", "no_next_step", "no_next_step_date"]),
    ("new_customer", [], {}, []),
    ("new_customer", ["contact"], {}, ["no_contact"]),
    ("new_customer", ["industry"], {}, ["no_industry"]),
    ("new_customer", ["first_contact"], {}, ["no_first_contact"]),
    ("new_customer", [], {"phone": " "}, ["no_phone"]),
    ("material", list(EFFECTIVE["material"]), {}, []),
    ("negotiation", [], {}, []),
    ("signing", [], {}, []),
    ("payment", [], {}, []),
    ("competitor_sighting", [], {}, []),
])
def test_3_2_verdict(company, kind, lacks, fields, reasons):
    fact = company.good(kind, "n1.1", date=DAY)
    for name in lacks:
        del fact[name]
    outcome = log_one(company, {**fact, **fields})
    assert list(outcome.failed_reasons) == reasons
    assert outcome.effective == (not reasons)


def test_3_2_a_new_customer_twice_is_a_duplicate(company, day):
    name = company.customer()
    first = company.good("new_customer", "n1.1", date=day, customer=name)
    second = company.good("new_customer", "n2.1", date=day, customer=name.upper() + " ")
    assert log_one(company, first).effective
    outcome = log_one(company, second)
    assert list(outcome.failed_reasons) == ["duplicate"]
    assert done(company, "/fact", day, "new_customers") == (2, 1)


def test_3_2_a_new_customer_twice_in_a_batch(company, day):
    name = company.customer()
    outcomes = company.log(*[company.good("new_customer", "n1.1", date=day, customer=name)
                             for _ in range(3)])
    assert [o.effective for o in outcomes] == [True, False, False]


def test_3_2_the_same_telephone_is_the_same_customer(company, day):
    phone = "+86 (21) 5555-0199"
    one = company.good("new_customer", "n1.1", date=day, phone=phone)
    other = company.good("new_customer", "n2.1", date=day, phone="+86 21 55550199")
    assert log_one(company, one).effective
    assert list(log_one(company, other).failed_reasons) == ["duplicate"]


def test_3_2_ineffective_facts_count_as_done(company, day):
    company.log(company.good("visit", "n1.1", date=day),
                company.good("visit", "n1.1", date=day, minutes=1))
    assert done(company, "/fact", day) == (2, 1)


def test_3_2_verdict_and_reasons_are_kept(company, director, day):
    log_one(company, company.good("visit", "n1.1", date=day, minutes=1, contact_role=""))
    record, = listed(director, person="fact.n1.1", from_date=day, to_date=day)
    assert not record.effective
    assert list(record.failed_reasons) == ["no_contact_role", "too_short"]


# Days (1.2).


@pytest.mark.parametrize("zone, moment, day, time", [
    ("Asia/Shanghai", "2025-06-30T15:59:59Z", "2025-06-30", "23:59"),
    ("Asia/Shanghai", "2025-06-30T16:00:00Z", "2025-07-01", "00:00"),
    ("America/New_York", "2025-07-01T03:59:59Z", "2025-06-30", "23:59"),
    ("America/New_York", "2025-12-01T04:59:59Z", "2025-11-30", "23:59"),
    ("America/New_York", "2025-12-01T05:00:00Z", "2025-12-01", "00:00"),
    ("Asia/Kolkata", "2025-06-30T18:30:00Z", "2025-07-01", "00:00"),
    ("UTC", "2024-02-29T23:59:59.999Z", "2024-02-29", "23:59"),
])
def test_1_2_a_day_is_the_offices_day(company, director, zone, moment, day, time):
    office = zone.replace("/", " ")
    handle = f"fact.{zone.split('/')[-1].lower()}"
    director.call("OrgService.Import", rows=[
        {"line": 1, "unit": f"/fact/{office}", "kinds": "region/office", "time_zone": zone,
         "handle": handle, "name": f"Rep of {zone}", "from_date": "2024-01-01"}])
    fact = {**company.good("visit"), "person": handle, "occurred_at": instant(moment)}
    assert log_one(company, fact).local_date == day
    records = {r.id: r for r in listed(director, person=handle, from_date=day, to_date=day)}
    record = records[fact["id"]]
    assert (record.local_date, record.local_time) == (day, time)
    assert record.occurred_at.seconds == instant(moment)["seconds"]


def test_1_2_a_date_alone_is_noon_there(company, director):
    test_1_2_a_day_is_the_offices_day(company, director, "Asia/Tokyo", "2025-06-01T00:00:00Z",
                                      "2025-06-01", "09:00")
    fact = {**company.good("visit"), "person": "fact.tokyo", "date": "2025-06-05"}
    log_one(company, fact)
    record, = listed(director, person="fact.tokyo", from_date="2025-06-05", to_date="2025-06-05")
    assert record.local_time == "12:00"
    assert record.occurred_at.seconds == instant("2025-06-05T03:00:00Z")["seconds"]


def test_1_2_now_when_nothing_is_said(company, director):
    outcome = log_one(company, company.good("visit", "s1.1"))
    today = director.call("ReportService.Rollup", unit="/fact/South").today
    assert outcome.local_date == today


# Rows that are refused leave the others be.


def test_refused_rows(company, director, day):
    good = company.good
    facts = [
        good("visit", "n1.1", date=day),
        good("visit", "n1.1", date=day, id="not-a-uuid"),
        {"id": uuid7(), "date": day, "customer": "x", "person": "fact.n1.1"},
        {**good("visit", date=day), "person": "fact.nobody"},
        good("visit", "n1.1", date="2025-02-30"),
        good("visit", "n1.1", date="2199-01-01"),
        good("visit", "n1.1", occurred_at=FUTURE),
        good("visit", "n1.1", date="2023-12-31"),
        good("visit", "n1.1", date=day, customer=""),
        good("new_customer", "n1.1", date=day, customer=" "),
        good("signing", "n1.1", date=day, amount_minor=0),
        good("payment", "n1.1", date=day, amount_minor=-5),
        good("signing", "n1.1", date=day, currency="gold"),
        good("visit", "n1.1", date=day, deal=uuid7()),
        good("visit", "n1.1", date=day, next_step_date="soon"),
        good("visit", "n1.1", date=day),
    ]
    outcomes = company.log(*facts)
    assert [o.id for o in outcomes] == [fact["id"] for fact in facts]
    assert [(o.code, o.field) for o in outcomes] == [
        ("", ""), ("bad_id", "id"), ("no_kind", "kind"), ("unknown_person", "person"),
        ("bad_date", "date"), ("in_future", "occurred_at"), ("in_future", "occurred_at"),
        ("not_a_member_then", "date"), ("no_customer", "customer"), ("no_customer", "customer"),
        ("no_amount", "amount_minor"), ("no_amount", "amount_minor"),
        ("bad_currency", "currency"), ("unknown_deal", "deal"),
        ("bad_date", "next_step_date"), ("", "")]
    for outcome in outcomes:
        assert (intake(outcome) == "refused") == bool(outcome.code)
        assert outcome.HasField("effective") == (not outcome.code)
        assert not outcome.code or outcome.message.endswith("."), outcome
    assert "fact.nobody" in outcomes[3].message and "2025-02-30" in outcomes[4].message
    assert done(company, "/fact", day) == (2, 2)


def test_dry_run_judges_and_keeps_nothing(company, director, day):
    facts = [company.good("visit", "n1.1", date=day),
             company.good("visit", "n1.1", date=day, minutes=3),
             company.good("visit", "n1.1", date="never"),
             company.good("new_customer", "n1.1", date=day)]
    outcomes = company.log(*facts, dry_run=True)
    assert [intake(o) for o in outcomes] == ["accepted", "accepted", "refused", "accepted"]
    assert [o.effective for o in outcomes] == [True, False, False, True]
    assert listed(director, person="fact.n1.1", from_date=day, to_date=day) == []
    assert done(company, "/fact", day) == (0, 0)
    with pytest.raises(Refused):
        director.call("CustomerService.Show", customer=facts[3]["customer"])


def test_a_thousand_at_once(company, director, day):
    facts = [company.good("visit", ("n1.1", "n2.1", "s1.1")[i % 3], date=day,
                          customer="fact thousand") for i in range(1000)]
    outcomes = company.log(*facts)
    assert [o.id for o in outcomes] == [fact["id"] for fact in facts]
    assert {intake(o) for o in outcomes} == {"accepted"}
    assert done(company, "/fact", day) == (1000, 1000)
    assert done(company, "/fact/North", day) == (667, 667)


def test_no_facts_at_all(director):
    assert list(director.call("FactService.Log").outcomes) == []


def test_any_text_is_kept_as_it_is(company, director, day):
    note = "资料 \U0001f680 'quotes' \"double\" \\back\\ {braces,NULL} line\nbreak\ttab " + "长" * 5000
    log_one(company, company.good("visit", "n1.1", date=day, note=note, outcome="NULL"))
    record, = listed(director, person="fact.n1.1", from_date=day, to_date=day)
    assert record.note == note


# Whose.


def test_a_rep_logs_for_itself(company, day):
    fact = company.good("visit", date=day)
    assert intake(log_one(company, fact, who="n1.1")) == "accepted"
    record, = listed(company.login("n1.1"), from_date=day, to_date=day)
    assert (record.person, record.id) == ("fact.n1.1", fact["id"])


def test_a_rep_logs_for_nobody_else(company, day):
    outcome, = company.log(company.good("visit", "n1.2", date=day), who="n1.1")
    assert (intake(outcome), outcome.code, outcome.field) == ("refused", "forbidden", "person")
    assert done(company, "/fact", day) == (0, 0)


def test_a_supervisor_logs_for_the_team_and_no_other(company, day):
    outcomes = company.log(company.good("visit", "n1.2", date=day),
                           company.good("visit", "n2.1", date=day), who="lead.n1")
    assert [intake(o) for o in outcomes] == ["accepted", "refused"]


def test_a_rep_reads_its_own_facts_alone(company):
    rep = company.login("n1.1")
    assert listed(rep, person="fact.n1.1")
    for fields in ({"person": "fact.n1.2"}, {"unit": "/fact/South"}, {"unit": "/"}):
        with pytest.raises(Refused) as caught:
            rep.call("FactService.List", **fields)
        assert caught.value.status == "FORBIDDEN"


def test_another_persons_fact_id_tells_nothing(company, day):
    """The id of somebody else's fact is no key to it: the fact is new for its sender."""
    fact = company.good("visit", "n1.2", date=day, note="secret")
    log_one(company, fact)
    outcome, = company.log({**company.good("visit", date=day), "id": fact["id"]}, who="s1.1")
    assert intake(outcome) != "known"


# Lists.


def test_list_is_newest_first_in_pages(company, director, day):
    for hour in (9, 15, 11, 8, 20):
        log_one(company, company.good("visit", "n1.3", occurred_at=instant(f"{day}T{hour:02}:00:00Z")))
    fields = {"person": "fact.n1.3", "from_date": day, "to_date": day}
    whole = director.call("FactService.List", **fields)
    assert [r.local_time for r in whole.facts] == ["20:00", "15:00", "11:00", "09:00", "08:00"]
    assert whole.next_cursor == ""
    pages = listed(director, page_size=2, **fields)
    assert [r.id for r in pages] == [r.id for r in whole.facts]


def test_list_of_a_unit_reaches_all_its_days(company, director):
    """However far apart: of a unit the days of its last work are looked at first."""
    days = ("2025-02-03", "2025-02-04", "2025-02-13", "2025-04-14", "2026-09-01")
    facts = [company.good("negotiation", "s1.1", date=day) for day in days]
    for fact in facts:
        log_one(company, fact)
    mine = [fact["id"] for fact in reversed(facts)]
    for unit in ("/fact", "/fact/South", "/fact/South/South 1"):
        for size in (1, 2, 200):
            rows = listed(director, unit=unit, kind="FACT_KIND_NEGOTIATION", page_size=size)
            assert [r.local_date for r in rows] == sorted((r.local_date for r in rows), reverse=True)
            assert [r.id for r in rows if r.id in mine] == mine


def test_list_filters(company, director, day):
    customer = company.customer()
    company.log(company.good("visit", "n1.2", date=day, customer=customer),
                company.good("visit", "n2.2", date=day, minutes=1),
                company.good("material", "n1.2", date=day))

    def count(**fields):
        return len(listed(director, from_date=day, to_date=day, **fields))

    assert count(unit="/fact") == 3
    assert count(unit="/fact/North/North 1") == 2
    assert count(unit="/fact", kind="FACT_KIND_VISIT") == 2
    assert count(unit="/fact", effective=True) == 2
    assert count(unit="/fact", effective=False) == 1
    assert count(unit="/fact", customer=customer) == 1
    assert count(person="fact.n2.2") == 1


def test_day_against_its_standard(company, director):
    day = "2025-06-11"
    company.log(company.good("visit", "n2.2", date=day),
                company.good("visit", "n2.2", date=day, minutes=1),
                company.good("appointment", "n2.2", date=day),
                company.good("signing", "n2.2", date=day, amount_minor=777))
    answer = director.call("FactService.ShowDay", person="fact.n2.2", date=day)
    assert (answer.person, answer.unit, answer.date) == ("fact.n2.2", "/fact/North/North 2", day)
    assert answer.factor_milli == 1000
    metrics = {m.metric: m for m in answer.metrics}
    assert (metrics["visits"].done, metrics["visits"].effective) == (2, 1)
    assert [metrics[m].standard for m in ("appointments", "new_customers", "visits")] == [3, 5, 8]
    assert (metrics["revenue"].done, metrics["revenue"].currency) == (777, "USD")
    assert len(answer.facts) == 4


def test_before_somebody_joined_nothing_was_asked(company, director):
    """A newcomer's first morning begins with no gap."""
    director.call("PersonService.Add", handle="fact.newcomer", name="Newcomer",
                  unit=company.unit("North/North 2"), from_date="2025-06-11")
    for day, standards in ("2025-06-10", []), ("2025-06-11", [3, 5, 8]):
        answer = director.call("FactService.ShowDay", person="fact.newcomer", date=day)
        assert [m.standard for m in answer.metrics] == standards


def test_a_day_off(company, director):
    answer = director.call("FactService.ShowDay", person="fact.n2.2", date="2025-06-14")
    assert answer.factor_milli == 0


def test_a_competitor_sighting_counts_in_no_metric(company, day):
    log_one(company, company.good("competitor_sighting", "n1.1", date=day))
    assert company.rollup(unit="/fact", from_date=day, to_date=day) == {} or all(
        row.actual == 0 for row in company.rollup(unit="/fact", from_date=day, to_date=day).values())
