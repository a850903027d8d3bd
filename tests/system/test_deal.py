"""Deals and grades (domain.md 3.5)."""

import pytest

from client import Refused
from company import uuid7
from contract import types


@pytest.fixture(scope="module")
def director(company):
    return company.login()


def grade(value):
    return types.Grade.Name(value).removeprefix("GRADE_")


def state(record):
    return types.DealState.Name(record.state).removeprefix("DEAL_STATE_").lower()


def steps(answer):
    names = {types.DEAL_STEP_OPENED: "opened", types.DEAL_STEP_GRADED: "graded",
             types.DEAL_STEP_SIGNED: "signed", types.DEAL_STEP_LOST: "lost"}
    return [(names[e.step], grade(e.from_grade) if e.from_grade else "",
             grade(e.to_grade) if e.to_grade else "", e.local_date) for e in answer.events]


def deals_of(client, name):
    return list(client.call("CustomerService.Show", customer=name).deals)


def show(client, deal):
    return client.call("DealService.Show", deal=deal)


def record(client, *deals, **fields):
    return client.call("DealService.Record", deals=deals, **fields).outcomes


def change(outcome):
    return types.RecordChange.Name(outcome.change).removeprefix("RECORD_CHANGE_").lower()


@pytest.fixture
def deal(company, director):
    """An open deal of n1.1 at grade C, opened by a visit; its id and customer."""
    name = company.customer()
    company.log(company.good("visit", "n1.1", date="2025-03-03", customer=name))
    return deals_of(director, name)[0].id, name


def refusal(client, method, **fields):
    with pytest.raises(Refused) as caught:
        client.call(method, **fields)
    return caught.value


# Facts and their deals.


def test_3_5_the_first_fact_opens_a_deal(director, deal):
    identity, name = deal
    answer = show(director, identity)
    assert (answer.deal.customer, answer.deal.person, grade(answer.deal.grade), state(answer.deal)
            ) == (name, "deal.n1.1", "C", "open")
    assert answer.deal.opened_on == "2025-03-03"
    assert steps(answer) == [("opened", "", "C", "2025-03-03")]
    assert answer.events[0].fact and answer.events[0].actor == "director"


def test_3_5_a_fact_that_names_no_deal_belongs_to_the_open_one(company, director, deal):
    identity, name = deal
    company.log(*[company.good(kind, "n1.1", date="2025-03-04", customer=name)
                  for kind in ("visit", "negotiation", "material", "appointment")])
    assert [d.id for d in deals_of(director, name)] == [identity]
    facts = director.call("FactService.List", unit="/deal", customer=name).facts
    assert {fact.deal for fact in facts} == {identity}


def test_3_5_a_signing_ends_the_deal_and_the_next_visit_opens_another(company, director, deal):
    identity, name = deal
    company.log(company.good("signing", "n1.1", date="2025-03-10", customer=name,
                             amount_minor=250_000))
    answer = show(director, identity)
    assert (state(answer.deal), answer.deal.closed_on, answer.deal.value_minor,
            answer.deal.currency) == ("signed", "2025-03-10", 250_000, "USD")
    assert steps(answer)[-1] == ("signed", "C", "", "2025-03-10")
    company.log(company.good("visit", "n1.1", date="2025-03-11", customer=name))
    assert sorted(map(state, deals_of(director, name))) == ["open", "signed"]
    customer = director.call("CustomerService.Show", customer=name).customer
    assert (customer.open_deals, customer.signed_deals) == (1, 1)


def test_3_5_a_payment_belongs_to_the_deal_signed_last(company, director, deal):
    identity, name = deal
    company.log(company.good("signing", "n1.1", date="2025-03-10", customer=name))
    company.log(company.good("payment", "n1.1", date="2025-04-01", customer=name))
    facts = director.call("FactService.List", unit="/deal", customer=name,
                          kind="FACT_KIND_PAYMENT").facts
    assert [fact.deal for fact in facts] == [identity]


def test_3_5_a_deal_is_signed_once(company, deal):
    identity, name = deal
    sign = [company.good("signing", "n1.1", date="2025-03-10", customer=name, deal=identity)
            for _ in range(3)]
    outcomes = company.log(*sign[:2])
    assert [o.code for o in outcomes] == ["", "deal_signed"]
    assert company.log(sign[2])[0].code == "deal_signed"


def test_3_5_a_voided_signing_opens_the_deal_again(company, director, deal):
    identity, name = deal
    sign = company.good("signing", "n1.1", date="2025-03-10", customer=name, deal=identity)
    company.log(sign)
    company.log(company.fact("void", "n1.1", voids=sign["id"], date="2025-03-12"))
    answer = show(director, identity)
    assert state(answer.deal) == "open" and not answer.deal.HasField("closed_on")
    assert [step[0] for step in steps(answer)] == ["opened", "signed", "opened"]


def test_3_5_customers_have_deals_of_each_of_their_reps(company, director, deal):
    _, name = deal
    company.log(company.good("visit", "n1.2", date="2025-03-05", customer=name))
    assert sorted(d.person for d in deals_of(director, name)) == ["deal.n1.1", "deal.n1.2"]


# Grades.


def test_3_5_every_transition_is_an_event(company, director, deal):
    identity, name = deal
    visit = company.good("visit", "n1.1", date="2025-03-06", customer=name)
    company.log(visit)
    answer = company.login("n1.1").call(
        "DealService.Grade", deal=identity, grade="GRADE_B", evidence="budget is open",
        expected_close="2099-06-01", fact=visit["id"])
    assert (grade(answer.deal.grade), answer.deal.expected_close) == ("B", "2099-06-01")
    company.login("lead.n1").call("DealService.Grade", deal=identity, grade="GRADE_A",
                                  evidence="pays on 1 June")
    events = show(director, identity).events
    graded = [(grade(e.from_grade), grade(e.to_grade), e.actor, e.evidence)
              for e in events if e.step == types.DEAL_STEP_GRADED]
    assert graded == [("C", "B", "deal.n1.1", "budget is open"),
                      ("B", "A", "deal.lead.n1", "pays on 1 June")]
    assert visit["id"] in [e.fact for e in events]


def test_3_5_a_customers_grade_is_the_best_of_its_open_deals(company, director, deal):
    identity, name = deal

    def best():
        return grade(director.call("CustomerService.Show", customer=name).customer.grade)

    assert best() == "C"
    company.log(company.good("visit", "n1.2", date="2025-03-05", customer=name))
    other, = [d.id for d in deals_of(director, name) if d.person == "deal.n1.2"]
    director.call("DealService.Grade", deal=other, grade="GRADE_A", evidence="has a date")
    assert best() == "A"
    director.call("DealService.Lose", deal=other, reason="budget cut")
    assert best() == "C"
    director.call("DealService.Grade", deal=identity, grade="GRADE_B", evidence="asks for terms")
    assert best() == "B"


def test_3_5_a_grade_is_a_claim_with_evidence(director, deal):
    identity, _ = deal
    for evidence in ("", "  "):
        error = refusal(director, "DealService.Grade", deal=identity, grade="GRADE_B",
                        evidence=evidence)
        assert (error.status, error.field) == ("INVALID", "evidence")
    assert refusal(director, "DealService.Grade", deal=identity, evidence="x").field == "grade"
    assert refusal(director, "DealService.Grade", deal=uuid7(), grade="GRADE_B",
                   evidence="x").code == "unknown_deal"
    assert refusal(director, "DealService.Grade", deal=identity, grade="GRADE_B", evidence="x",
                   fact=uuid7()).code == "unknown_fact"


# Losing.


def test_3_5_a_deal_is_lost_with_a_reason(director, deal):
    identity, _ = deal
    assert refusal(director, "DealService.Lose", deal=identity).field == "reason"
    answer = director.call("DealService.Lose", deal=identity, reason="too dear",
                           date="2025-03-20").deal
    assert (state(answer), answer.lost_reason, answer.closed_on) == (
        "lost", "too dear", "2025-03-20")
    assert steps(show(director, identity))[-1] == ("lost", "C", "", "2025-03-20")
    for method, fields in (("Lose", {"reason": "again"}),
                           ("Grade", {"grade": "GRADE_A", "evidence": "hope"})):
        assert refusal(director, f"DealService.{method}", deal=identity, **fields).code == "deal_lost"


def test_3_5_a_deal_does_not_end_before_it_began(director, deal):
    error = refusal(director, "DealService.Lose", deal=deal[0], reason="x", date="2025-03-02")
    assert error.code == "closed_before_opened"
    assert refusal(director, "DealService.Lose", deal=deal[0], reason="x",
                   date="2199-01-01").code == "in_future"


# Batches from elsewhere.


def outside(company, **fields):
    return {"id": uuid7(), "customer": company.customer(), "person": "deal.n1.1",
            "product": "GTX Pro", "opened_on": "2025-01-10", "value_minor": 100, **fields}


def test_recorded_deals(company, director):
    rows = [outside(company, line=2), outside(company, line=3, grade="GRADE_A",
                                              expected_close="2025-09-01"),
            outside(company, line=4, state="DEAL_STATE_LOST", closed_on="2025-02-01",
                    lost_reason="price", external_ref="OPP-7")]
    outcomes = record(director, *rows)
    assert [(o.line, change(o)) for o in outcomes] == [(2, "added"), (3, "added"), (4, "added")]
    assert [change(o) for o in record(director, *rows)] == ["known"] * 3
    kept = [show(director, row["id"]).deal for row in rows]
    assert [(grade(d.grade), state(d)) for d in kept] == [
        ("C", "open"), ("A", "open"), ("C", "lost")]
    assert (kept[2].closed_on, kept[2].lost_reason, kept[2].external_ref) == (
        "2025-02-01", "price", "OPP-7")
    assert kept[1].product == "GTX Pro"


def test_a_deal_that_has_gone_on_elsewhere(company, director):
    row = outside(company)
    record(director, row)
    outcome, = record(director, {**row, "grade": "GRADE_B", "value_minor": 500})
    assert change(outcome) == "updated"
    outcome, = record(director, {**row, "state": "DEAL_STATE_LOST", "closed_on": "2025-02-02",
                                 "lost_reason": "gone"})
    assert change(outcome) == "updated"
    answer = show(director, row["id"])
    assert answer.deal.value_minor == 100 and state(answer.deal) == "lost"
    assert [step[:3] for step in sorted(steps(answer), key=lambda step: step[0])] == [
        ("graded", "C", "B"), ("lost", "B", ""), ("opened", "", "C")]


def test_deals_that_cannot_be(company, director):
    rows = [
        outside(company, id="no id"), outside(company, person="deal.nobody"),
        outside(company, state="DEAL_STATE_SIGNED"), outside(company, opened_on="2025-02-30"),
        outside(company, opened_on="2199-01-01"), outside(company, value_minor=-1),
        outside(company, state="DEAL_STATE_LOST", closed_on="2025-01-09"),
        outside(company, opened_on="2001-01-01"), outside(company, currency="gold"),
        outside(company),
    ]
    outcomes = record(director, *rows)
    assert [change(o) for o in outcomes] == ["refused"] * 9 + ["added"]
    assert all(o.code and o.message for o in outcomes[:9])
    assert [o.field for o in outcomes[:9]] == [
        "id", "person", "state", "opened_on", "opened_on", "value_minor", "closed_on", "opened_on",
        "currency"]


def test_dry_run_records_nothing(company, director):
    row = outside(company)
    assert change(record(director, row, dry_run=True)[0]) == "added"
    assert refusal(director, "DealService.Show", deal=row["id"]).code == "unknown_deal"


def test_a_recorded_deal_is_signed_by_a_fact(company, director):
    row = outside(company)
    record(director, row)
    outcome, = company.log(company.good("signing", "n1.1", customer=row["customer"],
                                        deal=row["id"], date="2025-02-05", amount_minor=777))
    assert outcome.effective
    assert show(director, row["id"]).deal.value_minor == 777
    assert change(record(director, row)[0]) == "known"
    assert state(show(director, row["id"]).deal) == "signed"


def test_a_deal_without_a_customer_gets_one_from_its_fact(company, director):
    row = outside(company)
    name = row.pop("customer")
    assert change(record(director, row)[0]) == "added"
    company.log(company.good("visit", "n1.1", customer=name, deal=row["id"], date="2025-02-05"))
    assert show(director, row["id"]).deal.customer == name


# Lists and rights.


def test_list_of_open_deals(company, director):
    rows = [outside(company, person="deal.s1.2", opened_on=f"2025-01-{day:02}")
            for day in (3, 9, 5, 7)]
    rows.append(outside(company, person="deal.s1.2", state="DEAL_STATE_LOST", lost_reason="x",
                        closed_on="2025-02-01"))
    record(director, *rows)
    listed = director.pages("DealService.List", "deals", person="deal.s1.2", page_size=2)
    assert [d.opened_on for d in listed] == ["2025-01-09", "2025-01-07", "2025-01-05", "2025-01-03"]
    assert len(director.pages("DealService.List", "deals", person="deal.s1.2",
                              state="DEAL_STATE_LOST")) == 1
    assert len(director.pages("DealService.List", "deals", unit="/deal/South",
                              customer=rows[0]["customer"])) == 1


def test_the_end_of_an_id_names_its_deal(company, director, deal):
    identity, _ = deal
    tail = identity[-8:]
    assert show(company.login("n1.1"), tail.upper()).deal.id == identity
    graded = director.call("DealService.Grade", deal=tail, grade="GRADE_B", evidence="asks")
    assert graded.deal.id == identity
    for stranger in ("n1.2", "lead.n2", "s1.1"):
        assert refusal(company.login(stranger), "DealService.Lose", deal=tail,
                       reason="sabotage").status == "FORBIDDEN"
    for nothing in (tail[1:], identity[-12:], "%" * 8, tail[:-1] + "_"):
        assert refusal(director, "DealService.Show", deal=nothing).code == "unknown_deal"


def test_the_end_of_two_ids_names_neither(company, director):
    tail = uuid7()[-8:]
    pair = [uuid7()[:-8] + tail for _ in range(2)]
    record(director, *({"id": identity, "person": company.handle("n1.1"),
                        "customer": company.customer()} for identity in pair))
    for who in (None, "n1.1"):
        assert refusal(company.login(who), "DealService.Show", deal=tail).code == "ambiguous_deal"
    # Of deals that are not there for somebody there are not two either.
    rival = company.login("s1.1")
    assert refusal(rival, "DealService.Show", deal=tail).code == "unknown_deal"
    assert show(director, pair[0]).deal.id == pair[0]


def test_deals_are_ones_own(company, deal):
    identity, _ = deal
    assert show(company.login("n1.1"), identity).deal.id == identity
    assert show(company.login("lead.n1"), identity).deal.id == identity
    for stranger in ("n1.2", "lead.n2", "s1.1"):
        rival = company.login(stranger)
        for method, fields in (("Show", {}), ("Lose", {"reason": "sabotage"}),
                               ("Grade", {"grade": "GRADE_A", "evidence": "x"})):
            assert refusal(rival, f"DealService.{method}", deal=identity,
                           **fields).status == "FORBIDDEN"
    outcome, = record(company.login("n1.2"), {"id": identity, "value_minor": 1})
    assert change(outcome) == "refused"
