"""Working calendars (domain.md 2.5) from publishers' files, against a reader of our own in Python."""

import datetime
import itertools
import json
import pathlib
import re

import pytest

import contract

DATA = pathlib.Path(contract.REPO).parent / "shared" / "data"
CALENDARS = DATA / "calendars"
# A git worktree lies beside the shared folder too.
needs_data = pytest.mark.skipif(not CALENDARS.is_dir(), reason=f"no real data in {CALENDARS}")
YEARS = (2023, 2024, 2025)
DAY = datetime.timedelta(days=1)
offices = itertools.count(1)


def published(year):
    """Working days by month as ../shared/data/README.md has them, and their sum."""
    text = (DATA / "README.md").read_text()
    total, months = re.search(rf"{year}: (\d+) \(([\d ]+?)(?: by month)?\)", text).groups()
    return int(total), [int(number) for number in months.split()]


def read_ics(path):
    """{date: works} of the plain files that the two publishers of the folder write."""
    text = re.sub(r"\r?\n[ \t]", "", path.read_text("utf-8-sig"))
    days = {}
    for event in re.findall(r"BEGIN:VEVENT\r?\n(.*?)END:VEVENT", text, re.S):
        fields = dict(re.match(r"([^:;]+)[^:]*:(.*)", line.strip()).groups()
                      for line in event.splitlines() if ":" in line)
        first = datetime.datetime.strptime(fields["DTSTART"], "%Y%m%d").date()
        end = (datetime.datetime.strptime(fields["DTEND"], "%Y%m%d").date()
               if "DTEND" in fields else first + DAY)
        while first < end:
            days[first] = days.get(first, False) or fields["SUMMARY"].startswith("上班")
            first += DAY
    return days


def read_json(path):
    return {datetime.date.fromisoformat(day["date"]): not day["isOffDay"]
            for day in json.loads(path.read_text())["days"]}


def year_of(days, year):
    """{date: factor} of a whole year, Monday to Friday apart from those days."""
    date = datetime.date(year, 1, 1)
    whole = {}
    while date.year == year:
        whole[date] = 1000 if days.get(date, date.weekday() < 5) else 0
        date += DAY
    return whole


def shown(client, unit, year):
    answer = client.call("CalendarService.Show", unit=unit, from_date=f"{year}-01-01",
                         to_date=f"{year}-12-31")
    return {datetime.date.fromisoformat(day.date): day.factor_milli for day in answer.days}


@pytest.fixture
def unit(company):
    """An office that no other test has set a calendar for."""
    name = f"Office {next(offices)}"
    company.director.call("OrgService.AddUnit", parent=company.region, name=name, kind="UNIT_KIND_OFFICE",
                          from_date=company.SINCE)
    return company.unit(name)


def take(company, path, unit, *more):
    result = company.cli("calendar", "import", path, "--unit", unit, *more)
    assert result.returncode == 0, result.stderr
    return result.stdout


@needs_data
@pytest.mark.parametrize("kind", ["ics", "json"])
def test_2_5_working_days_of_china_are_the_published_ones(company, unit, kind):
    """Proof: 2023 to 2025 by month, from the ICS and from the JSON alike; every day as Python
    reads it."""
    for year in YEARS:
        take(company, CALENDARS / f"{year}.{kind}", unit, "--yes")
    days = {}
    for year in YEARS:
        days |= (read_ics if kind == "ics" else read_json)(CALENDARS / f"{year}.{kind}")
    for year in YEARS:
        ours = shown(company.login(), unit, year)
        total, months = published(year)
        assert [sum(factor for date, factor in ours.items() if date.month == month) // 1000
                for month in range(1, 13)] == months
        assert sum(ours.values()) == total * 1000
        assert ours == year_of(days, year)


@needs_data
def test_2_5_holidays_of_the_united_states(company, unit):
    take(company, CALENDARS / "us.ics", unit, "--yes")
    days = read_ics(CALENDARS / "us.ics")
    for year in range(2026, 2036):
        assert shown(company.login(), unit, year) == year_of(days, year)


CHINA = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:国庆节假期
DTSTART;VALUE=DATE:20311001
DTEND;VALUE=DATE:20311008
END:VEVENT
BEGIN:VEVENT
SUMMARY:上班(补国庆节假期)
DTSTART;VALUE=DATE:20311011
DTEND;VALUE=DATE:20311012
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def china(tmp_path):
    path = tmp_path / "china.ics"
    path.write_bytes(b"\xef\xbb\xbf" + CHINA.replace("\n", "\r\n").encode())
    return path


def october(company, unit):
    return sum(factor for date, factor in shown(company.login(), unit, 2031).items()
               if date.month == 10)


def test_the_reading_is_shown_before_it_is_taken(company, unit, china):
    usual = october(company, unit)
    text = take(company, china, unit, "--dry-run")
    assert "2031-10-01 Wed" in text and "2031-10-07 Tue" in text and "holiday" in text
    assert "make-up day" in text and "Nothing was changed" in text
    assert october(company, unit) == usual
    assert "8 days set" in take(company, china, unit, "--yes")
    assert october(company, unit) == usual - 5000 + 1000


def test_a_period_cuts_what_is_taken(company, unit, china):
    assert "1 day set" in take(company, china, unit, "--yes", "--period", "2031-10-08..2031-12-31")


@pytest.mark.parametrize("content, part", [
    pytest.param(b"", "empty", id="empty"),
    pytest.param(CHINA.encode()[:-28], "cut off", id="truncated"),
    pytest.param(CHINA.replace("20311001", "20311301").encode(), "line 2", id="no such day"),
    pytest.param(b"PK\x03\x04 a spreadsheet", "CSV", id="spreadsheet"),
    pytest.param(b'{"days": []}', "not one day", id="no day"),
    pytest.param(b'{"days": [', "line 1", id="broken JSON"),
])
def test_a_broken_file_is_refused_in_words(company, unit, tmp_path, content, part):
    path = tmp_path / "broken.ics"
    path.write_bytes(content)
    result = company.cli("calendar", "import", path, "--unit", unit, "--yes")
    assert result.returncode == 1 and "broken.ics" in result.stderr
    assert part in result.stderr


def test_the_year_is_drawn_within_80_columns(company, unit, china):
    take(company, china, unit, "--yes")
    for lang in ("en_US.UTF-8", "zh_CN.UTF-8"):
        text = company.cli("calendar", "show", "2031", "--unit", unit, lang=lang).stdout
        lines = text.splitlines()
        assert max(map(width, lines)) <= 80, text
        assert " *1" in text and "+11" in text and "  ·" in text
        for month in range(1, 13):
            assert f"2031-{month:02}" in text
        assert "国庆节假期" in text


def width(text):
    """Columns of a terminal."""
    return sum(2 if "\u2e80" <= letter <= "\uffdc" else 1 for letter in text)


@pytest.mark.parametrize("year", ["2025-13", "20255", "2025-Q5"])
def test_a_year_that_cannot_be_is_named(company, year):
    shown = company.cli("calendar", "show", year)
    assert shown.returncode == 2 and f'"{year}" is no period' in shown.stderr
