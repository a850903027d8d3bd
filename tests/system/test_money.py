"""Money of several currencies: one truth in roll-ups, paces, solves and goals, at dated rates."""

import datetime
import decimal
import random
import re

import pytest

from company import uuid7

PERIOD = {"from_date": "2024-05-01", "to_date": "2024-06-30"}
FIRST, LAST = datetime.date(2024, 5, 1), datetime.date(2024, 6, 30)
# Dollars that one unit is worth, from a day on; of won the other way round: won for a dollar. No other
# module has these.
RATES = {"SEK": {"2024-04-20": "1.08", "2024-05-17": "1.10875", "2024-06-03": "1.0931"},
         "KRW": {"2024-05-01": "151.3", "2024-06-11": "157.25"}}
DIGITS = {"USD": 2, "SEK": 2, "KRW": 0, "NOK": 2}


def rate_of(currency, day):
    since = max(d for d in RATES[currency] if d <= str(day))
    rate = decimal.Decimal(RATES[currency][since])
    return 1 / rate if currency == "KRW" else rate


def worth(amount, currency, day):
    """Dollar cents, halves up."""
    if currency == "USD":
        return amount
    exact = amount * rate_of(currency, day) * decimal.Decimal(10) ** (2 - DIGITS[currency])
    return int((exact + decimal.Decimal("0.5")).to_integral_value(decimal.ROUND_FLOOR))


@pytest.fixture(scope="module")
def director(company):
    return company.login()


@pytest.fixture(scope="module")
def sold(company, director):
    """Signings of everybody in three currencies, at most one of each a day: (rep, day, currency) to
    amount."""
    director.call("RateService.Set", rates=[
        {"currency": "SEK", "into_currency": "USD", "from_date": day, "rate": rate}
        for day, rate in RATES["SEK"].items()])
    director.call("RateService.Set", rates=[
        {"currency": "USD", "into_currency": "KRW", "from_date": day, "rate": rate}
        for day, rate in RATES["KRW"].items()])
    seed = random.randrange(2**32)
    print("seed", seed)
    generator = random.Random(seed)
    reps = [rep for team in company.TEAMS.values() for rep in team]
    sold, facts = {}, []
    for _ in range(150):
        day = FIRST + datetime.timedelta(days=generator.randrange((LAST - FIRST).days + 1))
        key = (generator.choice(reps), day, generator.choice(["USD", "SEK", "KRW"]))
        # Two of one day are converted together.
        for _ in range(generator.choice([1, 1, 2])):
            amount = generator.randrange(1, 10**6)
            sold[key] = sold.get(key, 0) + amount
            facts.append(company.good("signing", key[0], date=str(day), amount_minor=amount,
                                      currency=key[2]))
    for outcome in company.log(*facts):
        assert not outcome.code, outcome
    return sold


def rollup(client, **fields):
    return client.call("ReportService.Rollup", **{"metrics": ["revenue"], **PERIOD, **fields})


def total_of(sold, belongs=lambda rep, day: True):
    return sum(worth(amount, currency, day)
               for (rep, day, currency), amount in sold.items() if belongs(rep, day))


# Roll-ups (4.6).


def test_4_6_a_roll_up_is_in_one_currency_at_the_rates_of_the_days(company, director, sold):
    answer = rollup(director, unit=company.region)
    total, = answer.totals
    assert (answer.currency, total.currency) == ("USD", "USD")
    assert total.actual == total.effective == total_of(sold)
    used = list(zip(total.rate_currencies, total.rate_dates))
    assert used == sorted(set(used)) and {c for c, _ in used} == {"SEK", "KRW"}
    for currency, rate, day in zip(total.rate_currencies, total.rates, total.rate_dates):
        assert abs(decimal.Decimal(rate) - rate_of(currency, day)) < decimal.Decimal("1e-11")


@pytest.mark.parametrize("by", ["UNIT", "TEAM", "REP", "DAY", "WEEK", "MONTH"])
def test_4_6_whatever_it_is_broken_down_by_adds_up_to_the_cent(company, director, sold, by):
    for unit in (company.region, company.unit("North")):
        for as_is in (False, True):
            answer = rollup(director, unit=unit, group_by=f"GROUP_BY_{by}", as_is=as_is)
            total, = answer.totals
            assert sum(row.effective for row in answer.rows) == total.effective
            assert all(row.currency == "USD" for row in answer.rows)
            assert all(not row.trend or sum(row.trend) == row.effective for row in answer.rows)


def test_4_6_a_part_is_the_same_number_wherever_it_is_looked_at(company, director, sold):
    rows = rollup(director, unit=company.region, group_by="GROUP_BY_REP").rows
    for row in rows:
        if row.effective:
            alone, = rollup(director, person=row.group).totals
            assert alone.effective == row.effective == total_of(
                sold, lambda rep, _, who=row.group: company.handle(rep) == who)


def test_the_asker_names_the_currency_or_keeps_them_apart(company, director, sold):
    kronor = rollup(director, unit=company.region, in_currency="SEK")
    assert kronor.currency == "SEK"
    assert {row.currency for row in kronor.totals} >= {"SEK"}
    apart = rollup(director, unit=company.region, by_currency=True)
    assert not apart.HasField("currency")
    assert {row.currency: row.effective for row in apart.totals} == {
        currency: sum(amount for (_, _, c), amount in sold.items() if c == currency)
        for currency in ("USD", "SEK", "KRW")}


def test_what_has_no_rate_stands_for_itself_and_is_named(company, director, sold):
    outcome, = company.log(company.good("signing", "s1.1", date="2024-03-05", amount_minor=70_00,
                                        currency="NOK"))
    assert not outcome.code
    march = {"from_date": "2024-03-01", "to_date": "2024-03-31"}
    answer = rollup(director, unit=company.region, **march)
    assert {row.currency: row.actual for row in answer.totals} == {"NOK": 70_00}
    told = company.cli("report", "rollup", company.region, "--period", "2024-03")
    assert "NOK stands for itself" in told.stdout and "tiejun rate import" in told.stdout


def test_the_terminal_says_the_rates(company, sold):
    told = company.cli("report", "rollup", company.region, "--metric", "revenue",
                       "--from", PERIOD["from_date"], "--to", PERIOD["to_date"])
    assert "SEK is in it at 1.08 USD (2024-04-20), 1.10875 USD (2024-05-17)" in told.stdout
    assert "stands for itself" not in told.stdout


# Targets, pace and the back-solve (2.7, 2.8).


@pytest.fixture(scope="module")
def goals(company, director, sold):
    """A goal in dollars, and beside it one in kronor, which is worth what the first day's rate says."""
    for currency, target in (("USD", 9_000_000_00), ("SEK", 1_000_000_01)):
        director.call("GoalService.Set", unit=company.region, metric="revenue", target=target,
                      currency=currency, **PERIOD)
    director.call("GoalService.Set", unit=company.unit("South"), metric="revenue",
                  target=500_000, currency="KRW", **PERIOD)
    return {company.region: 9_000_000_00 + worth(1_000_000_01, "SEK", FIRST),
            company.unit("South"): worth(500_000, "KRW", FIRST)}


def test_4_6_targets_of_all_currencies_are_one(company, director, goals):
    answer = rollup(director, unit=company.region, group_by="GROUP_BY_UNIT")
    assert answer.totals[0].target == goals[company.region]
    assert {row.group: row.target for row in answer.rows if row.HasField("target")} == {
        company.unit("South"): goals[company.unit("South")]}
    shown = director.call("GoalService.Show", unit=company.region, metric="revenue", **PERIOD).goals
    top, = (goal for goal in shown if goal.level == 0)
    assert (top.target, top.currency, top.own_currency, top.own_target, top.rate) == (
        goals[company.region], "USD", "SEK", 1_000_000_01, "1.08")
    assert top.children_target == goals[company.unit("South")]
    tree = director.call("GoalService.Tree", unit=company.region, metric="revenue", **PERIOD)
    assert tree.nodes[0].target == top.target
    apart = director.call("GoalService.Show", unit=company.region, metric="revenue",
                          by_currency=True, **PERIOD).goals
    assert {goal.currency: goal.target for goal in apart if goal.level == 0 and goal.target} == {
        "USD": 9_000_000_00, "SEK": 1_000_000_01}


def test_2_8_pace_counts_every_currency(company, director, goals, sold):
    answer = director.call("PaceService.Show", unit=company.region, as_of="2024-06-15", **PERIOD)
    by_then = total_of(sold, lambda _, day: str(day) <= "2024-06-15")
    assert answer.total.actual == by_then == sum(row.actual for row in answer.rows)
    assert answer.total.target == goals[company.region]
    assert sum(answer.total.trend) == by_then
    assert set(answer.total.rate_currencies) == {"SEK", "KRW"}
    assert not answer.total.unrated_currencies


def test_goals_that_no_rate_converts_are_named(company, director, sold):
    for unit, month in ((company.unit("South"), "2044-02"), (company.region, "2044-03")):
        director.call("GoalService.Set", unit=unit, metric="revenue", target=7_00, currency="NOK",
                      from_date=f"{month}-01", to_date=f"{month}-28")
    apart = company.cli("report", "rollup", company.region, "--by-currency",
                        "--period", "2044-02-01..2044-02-28").stdout
    assert "revenue, NOK" in apart and re.search(r"South +0.* 7\b", apart)
    paced = company.cli("goal", "pace", company.region, "--period", "2044-03-01..2044-03-28").stdout
    assert "tiejun goal pace --currency NOK" in paced and "tiejun goal set" not in paced


def test_2_7_solve_counts_bookings_orders_and_open_deals_of_every_currency(company, director, goals,
                                                                            sold):
    fields = {"unit": company.region, "as_of": "2024-06-15", **PERIOD}
    before = director.call("SolveService.Solve", **fields)
    assert set(before.rate_currencies) == {"SEK", "KRW"}
    numbers = {number.name: number for number in before.numbers}
    assert numbers["target"].value == goals[company.region]
    assert numbers["booked"].value == total_of(sold, lambda _, day: str(day) <= "2024-06-15")
    assert numbers["order"].cases == len(
        [1 for row in director.pages("FactService.List", "facts", unit=company.region,
                                     page_size=1000, **PERIOD)
         if row.local_date <= "2024-06-15"])
    for currency, value in (("SEK", 1000_00), ("KRW", 123_456), ("NOK", 5_00)):
        outcome, = director.call("DealService.Record", deals=[{
            "id": uuid7(), "person": company.handle("n1.1"), "customer": company.customer(),
            "grade": "GRADE_A", "opened_on": "2024-06-10", "expected_close": "2024-06-20",
            "value_minor": value, "currency": currency}]).outcomes
        assert not outcome.code, outcome
    after = director.call("SolveService.Solve", **fields)
    open_a, = (open for open in after.open if open.grade == "a")
    assert (open_a.deals, open_a.unrated_deals) == (2, 1)
    assert open_a.value_minor == worth(1000_00, "SEK", "2024-06-15") + worth(
        123_456, "KRW", "2024-06-15")
    assert after.unrated_currencies == ["NOK"]
    paced = director.call("PaceService.Show", **fields)
    assert paced.total.unrated_currencies == ["NOK"] and paced.total.open_deals == 2
    told = company.cli("goal", "solve", "--unit", company.region, "--from", PERIOD["from_date"],
                       "--to", PERIOD["to_date"], "--as-of", "2024-06-15").stdout
    assert "NOK is not in it" in told and "SEK is in it at" in told


def test_what_rate_list_shows_is_what_rate_import_takes(company, sold, tmp_path):
    shown = company.cli("rate", "list", "--past", "--csv").stdout
    path = tmp_path / "rates.csv"
    path.write_text(shown)
    assert company.cli("rate", "import", path).returncode == 0
    assert company.cli("rate", "list", "--past", "--csv").stdout == shown
