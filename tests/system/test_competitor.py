"""Sightings of competitors (domain.md 2.10)."""

import pytest

from client import Refused
from company import uuid7

YEAR = {"from_date": "2025-01-01", "to_date": "2025-12-31"}


@pytest.fixture(scope="module")
def seen(company):
    """Deals of 1,000.00 with Globex at them, in several spellings, and one with Initech."""
    def deal(rep, **fields):
        identity = uuid7()
        name = company.customer()
        outcome, = company.director.call("DealService.Record", deals=[{
            "id": identity, "person": company.handle(rep), "customer": name,
            "opened_on": "2025-02-01", "grade": "GRADE_B", "value_minor": 1_000_00,
            **fields}]).outcomes
        assert not outcome.code, outcome
        return {"deal": identity, "customer": name}

    lost = {"state": "DEAL_STATE_LOST", "closed_on": "2025-05-01", "lost_reason": "price"}
    first, second, third, fourth = (deal("n1.1"), deal("n1.1", **lost), deal("n1.2"), deal("s1.1"))

    def sight(rep, where, date, **fields):
        return company.fact("competitor_sighting", rep, date=date, **where,
                            **{"subject": "Globex", **fields})

    facts = [sight("n1.1", first, "2025-03-03", amount_minor=900_00),
             sight("n1.1", first, "2025-03-10", subject="GLOBEX Ltd.", outcome="open"),
             sight("n1.1", second, "2025-03-04", amount_minor=1_100_00),
             sight("n1.2", third, "2025-06-05", outcome="won", amount_minor=800_00),
             sight("s1.1", fourth, "2025-06-06", outcome="lost"),
             sight("s1.1", fourth, "2025-06-07", subject="Initech")]
    wrong = sight("s1.1", fourth, "2025-06-08")
    for outcome in company.log(*facts, wrong):
        assert not outcome.code, outcome
    company.log(company.fact("void", "s1.1", voids=wrong["id"]))
    company.log(company.fact("signing", "n1.1", amount_minor=1_000_00, date="2025-07-01", **first))
    return company


def report(company, who=None, group=None, **fields):
    grouping = {"group_by": f"GROUP_BY_{group}"} if group else {}
    answer = company.login(who).call("CompetitorService.Report",
                                     **{"unit": "/competitor", **YEAR, **grouping, **fields})
    return {(row.name, row.competitor): row for row in answer.rows} if group else answer.rows


def test_2_10_how_often_and_with_what_end(seen):
    globex, initech = report(seen)
    assert (globex.competitor, globex.sightings, globex.deals) == ("Globex", 5, 4)
    # The first deal was signed after all, the second was lost; of the others it was said.
    assert (globex.won, globex.lost, globex.open, globex.win_rate_milli) == (2, 2, 0, 500)
    assert (globex.prices, globex.price_ratio_milli) == (3, 900)
    assert globex.last_date == "2025-06-06"
    assert (initech.competitor, initech.sightings, initech.open) == ("Initech", 1, 1)
    assert not initech.HasField("win_rate_milli") and not initech.HasField("price_ratio_milli")


def test_2_10_by_unit_and_by_time(seen):
    by_unit = report(seen, group="UNIT")
    assert by_unit["North", "Globex"].deals == 3 and by_unit["South", "Globex"].lost == 1
    by_quarter = [(row.group, row.competitor, row.sightings) for row in report(
        seen, group="QUARTER").values()]
    assert sorted(by_quarter) == [("2025-01-01", "Globex", 3), ("2025-04-01", "Globex", 2),
                                  ("2025-04-01", "Initech", 1)]
    one, = report(seen, competitor_name="initech")
    assert one.competitor == "Initech"


def test_2_10_ends_add_up_in_every_row(seen):
    for group in (None, "UNIT", "TEAM", "REP", "MONTH"):
        rows = report(seen, group=group)
        for row in rows.values() if group else rows:
            assert row.won + row.lost + row.open == row.deals <= row.sightings


def test_a_rep_sees_its_own(seen):
    rows = seen.login("n1.2").call("CompetitorService.Report", **YEAR).rows
    assert [(row.competitor, row.won) for row in rows] == [("Globex", 1)]
    with pytest.raises(Refused) as caught:
        report(seen, who="n1.2")
    assert caught.value.status == "FORBIDDEN"


@pytest.mark.parametrize("fields, code", [
    ({"subject": " "}, "no_competitor"), ({"subject": None}, "no_competitor"),
    ({"outcome": "draw"}, "bad_outcome"), ({"customer": None}, "no_customer"),
])
def test_sightings_that_cannot_be(company, fields, code):
    fact = {**company.good("competitor_sighting", "n1.1"), **fields}
    assert company.log(fact)[0].code == code


def test_as_typed(seen):
    name = seen.customer()
    logged = seen.cli("competitor", "log", name, "Typed Corp", "--price", "1,234.50",
                      "--outcome", "lost", who="n1.1")
    assert logged.returncode == 0, logged.stderr
    shown = seen.cli("competitor", "report", "/competitor", "--competitor", "typed corp", "--csv")
    header, line = (row.split(",") for row in shown.stdout.splitlines())
    row = dict(zip(header, line))
    assert (row["competitor"], row["lost"], row["win_rate"]) == ("Typed Corp", "1", "0.000")
    nothing = seen.cli("competitor", "report", "/competitor", "--period", "2001")
    assert "tiejun competitor log" in nothing.stdout
