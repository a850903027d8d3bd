"""Higher goals of region managers and directors (domain.md 2.10)."""

import datetime

import pytest

from client import Refused
from contract import types

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
DUE = str(TODAY + datetime.timedelta(60))
SINCE = str(TODAY - datetime.timedelta(30))


def day(ago):
    return str(TODAY - datetime.timedelta(ago))


def result(source, to=1000, start=0, title="it", **fields):
    return {"title": title, "source": f"KEY_RESULT_SOURCE_{source.upper()}", "from_milli": start,
            "to_milli": to, **fields}


def add(company, *results, who=None, **fields):
    fields = {"title": "Build it", "unit": "/objective", "from_date": SINCE, "due_date": DUE,
              **fields}
    return company.login(who).call("ObjectiveService.Add", key_results=results, **fields).id


def show(company, number, who=None):
    return company.login(who).call("ObjectiveService.Show", id=number)


def check_in(company, number, who=None, **fields):
    company.login(who).call("ObjectiveService.CheckIn", id=number, **fields)


def value(company, source, **fields):
    """What a key result that counts itself comes to."""
    answer = show(company, add(company, result(source, **fields)))
    return answer.key_results[0].value_milli // 1000


def refused(call, *arguments, **fields):
    with pytest.raises(Refused) as caught:
        call(*arguments, **fields)
    return caught.value


def test_2_10_an_objective_with_its_key_results(company):
    number = add(company, result("number", 30_000, 10_000, "people", measure="people"),
                 result("milestone", title="open"), who="boss")
    answer = show(company, number)
    it = answer.objective
    assert (it.title, it.unit, it.owner) == ("Build it", "/objective", "objective.boss")
    assert (it.from_date, it.due_date) == (SINCE, DUE)
    assert it.elapsed_milli == 31 * 1000 // 91 and it.progress_milli == 0
    assert [(r.place, r.title, r.from_milli, r.to_milli, r.value_milli)
            for r in answer.key_results] == [(1, "people", 10_000, 30_000, 10_000),
                                             (2, "open", 0, 1000, 0)]


def test_2_10_progress_comes_from_check_ins(company):
    number = add(company, result("number", 30_000, 10_000), result("milestone"),
                 result("number", 2_000, 12_000, "errors"))
    check_in(company, number, place=1, value_milli=25_000, note="three more")
    check_in(company, number, place=2, value_milli=1000)
    check_in(company, number, place=3, value_milli=12_000)
    answer = show(company, number)
    assert [r.progress_milli for r in answer.key_results] == [750, 1000, 0]
    assert answer.objective.progress_milli == 583
    assert answer.objective.last_check_in == str(TODAY)
    # The last word counts.
    check_in(company, number, place=1, value_milli=20_000)
    assert show(company, number).key_results[0].progress_milli == 500


def test_2_10_notes_are_dated_and_never_lost(company):
    number = add(company, result("milestone"), who="boss")
    check_in(company, number, note="first")
    check_in(company, number, who="boss", note="second")
    company.director.call("ObjectiveService.Edit", id=number, title="Build more",
                          due_date=str(TODAY + datetime.timedelta(90)), reason="late")
    company.director.call("ObjectiveService.Close", id=number, state="OBJECTIVE_STATE_MISSED",
                          note="no room")
    notes = show(company, number).notes
    assert [(n.kind, n.actor) for n in notes] == [
        ("added", "objective.boss"), ("checked_in", "director"), ("checked_in", "objective.boss"),
        ("edited", "director"), ("closed", "director")]
    assert [n.note for n in notes][1:3] == ["first", "second"]
    # What it was before the change is readable.
    assert "Build it → Build more" in notes[3].note and DUE in notes[3].note
    assert all(n.local_date == str(TODAY) and n.at.seconds > 0 for n in notes)


def test_2_10_a_closed_one_stays_as_it_is(company):
    number = add(company, result("milestone"))
    company.director.call("ObjectiveService.Close", id=number, state="OBJECTIVE_STATE_ACHIEVED")
    for method, fields in (("CheckIn", {"note": "x"}), ("Edit", {"title": "y"}),
                           ("Close", {"state": "OBJECTIVE_STATE_DROPPED", "note": "z"})):
        error = refused(company.director.call, f"ObjectiveService.{method}", id=number, **fields)
        assert error.code == "objective_closed", method
    listed = company.director.call("ObjectiveService.List", unit="/objective").objectives
    assert number not in [it.id for it in listed]
    listed = company.director.call("ObjectiveService.List", unit="/objective", closed_too=True)
    assert number in [it.id for it in listed.objectives]


# Those that count themselves.


def join(company, name, unit, ago, **fields):
    handle = company.handle(name)
    company.director.call("PersonService.Add", handle=handle, name=name, unit=unit,
                          from_date=day(ago), **fields)
    return handle


def test_2_10_recruits_are_who_joined_the_company_there(company):
    before = value(company, "recruits")
    join(company, "new1", "/objective/North/North 1", 10)
    moved = join(company, "new2", "/objective/North/North 2", 20)
    join(company, "early", "/objective/South", 40)
    assert value(company, "recruits") == before + 2
    # Moving on is no second joining.
    company.director.call("PersonService.Move", person=moved, unit="/objective/South/South 1",
                          from_date=day(5))
    assert value(company, "recruits") == before + 2
    north = show(company, add(company, result("recruits", 5000), unit="/objective/North"))
    assert north.key_results[0].value_milli >= 2000
    assert north.key_results[0].progress_milli == north.key_results[0].value_milli // 5


def test_2_10_promotions_are_higher_roles_than_ever(company):
    before = value(company, "promotions")
    grant = {"person": company.handle("n2.1"), "unit": "/objective/North/North 2"}
    company.director.call("PersonService.GrantRole", role="ROLE_SUPERVISOR", from_date=day(8),
                          **grant)
    assert value(company, "promotions") == before + 1
    # The same role on another unit is none; who comes with a role was recruited.
    company.director.call("PersonService.GrantRole", role="ROLE_SUPERVISOR", from_date=day(4),
                          person=grant["person"], unit="/objective/North/North 1")
    handle = join(company, "boss2", "/objective/South", 3)
    company.director.call("PersonService.GrantRole", person=handle, unit="/objective/South",
                          role="ROLE_SUPERVISOR", from_date=day(3))
    assert value(company, "promotions") == before + 1


def test_2_10_sightings_and_their_ends_are_counted(company):
    rival = {"subject": "Count Corp"}
    sightings = [company.good("competitor_sighting", "n1.1", date=day(2), outcome=outcome, **rival)
                 for outcome in ("won", "won", "lost", "open")]
    old = company.good("competitor_sighting", "n1.1", date=day(40), outcome="won", **rival)
    for outcome in company.log(*sightings, old):
        assert not outcome.code, outcome
    whole = [value(company, source, competitor="count corp.")
             for source in ("sightings", "won_against", "lost_against")]
    assert whole == [4, 2, 1]
    company.log(company.fact("void", "n1.1", voids=sightings[0]["id"]))
    assert value(company, "won_against", competitor="Count Corp") == 1
    assert value(company, "sightings", competitor="Nobody") == 0


def test_2_10_mentees_cannot_be_counted_yet_and_it_is_said(company):
    error = refused(add, company, result("mentees"))
    assert error.code == "no_mentors_yet" and "mentors" in error.message and error.hint


# What cannot be.


@pytest.mark.parametrize("fields, code", [
    ({"place": 1, "value_milli": 5}, "counts_itself"), ({"place": 9, "note": "x"},
                                                        "unknown_key_result"),
    ({"place": 2, "value_milli": 500}, "reached_or_not"), ({}, "missing_field"),
    ({"value_milli": 5, "note": "x"}, "missing_field"),
])
def test_check_ins_that_cannot_be(company, fields, code):
    number = add(company, result("recruits"), result("milestone"))
    assert refused(check_in, company, number, **fields).code == code


@pytest.mark.parametrize("results, fields, code", [
    ([], {}, "missing_field"), ([result("number", 5, 5)], {}, "bad_key_result"),
    ([result("number", title=" ")], {}, "bad_key_result"),
    ([result("milestone")], {"due_date": day(90)}, "dates_reversed"),
    ([result("milestone")], {"title": " "}, "missing_field"),
    ([result("milestone")], {"owner": "nobody"}, "unknown_person"),
])
def test_objectives_that_cannot_be(company, results, fields, code):
    assert refused(add, company, *results, **fields).code == code


def test_an_objective_that_there_is_none_of(company):
    assert refused(show, company, 10**9).code == "unknown_objective"


# Rights.


def test_objectives_are_set_from_above_and_seen_by_owner_and_leaders(company):
    number = add(company, result("milestone"), owner=company.handle("n1.2"),
                 unit="/objective/North", who="boss")
    assert refused(add, company, result("milestone"), who="lead.n1",
                   unit="/objective/North/North 1").status == "FORBIDDEN"
    assert refused(add, company, result("milestone"), who="boss", unit="/").status == "FORBIDDEN"
    # The owner leads nobody, sees it and may say how it goes; changing it is for those above.
    assert show(company, number, who="n1.2").objective.owner == company.handle("n1.2")
    check_in(company, number, who="n1.2", note="under way")
    assert refused(company.login("n1.2").call, "ObjectiveService.Edit", id=number,
                   title="x").status == "FORBIDDEN"
    for who in ("n1.1", "lead.n1"):
        assert refused(show, company, number, who=who).status in ("NOT_FOUND", "FORBIDDEN")
        assert refused(check_in, company, number, who=who, note="x").status in (
            "NOT_FOUND", "FORBIDDEN")


def test_as_typed(company):
    added = company.cli("objective", "add", "Grow", "--unit", "/objective", "--due", DUE,
                        "--number", "churn=12..4.5 %", "--milestone", "office opened",
                        "--count", "won_against:Globex=5")
    assert added.returncode == 0, added.stderr
    number = added.stdout.split("#")[1].split()[0]
    answer = show(company, int(number))
    assert [(r.title, types.KeyResultSource.Name(r.source), r.from_milli, r.to_milli, r.measure,
             r.competitor) for r in answer.key_results] == [
        ("churn", "KEY_RESULT_SOURCE_NUMBER", 12000, 4500, "%", ""),
        ("office opened", "KEY_RESULT_SOURCE_MILESTONE", 0, 1000, "", ""),
        ("won against Globex", "KEY_RESULT_SOURCE_WON_AGAINST", 0, 5000, "", "Globex")]
    assert company.cli("objective", "checkin", number, "-k", 1, "--value", 9).returncode == 0
    shown = company.cli("objective", "show", number)
    assert "40.0%" in shown.stdout and "Grow" in shown.stdout
    for wrong in (["--number", "churn"], ["--number", "churn=1"], ["--count", "luck=3"],
                  ["--count", "recruits=0"], []):
        assert company.cli("objective", "add", "x", "--due", DUE, *wrong).returncode == 2, wrong
    assert company.cli("objective", "show", "x").returncode == 2
