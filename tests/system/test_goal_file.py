"""Goals as a file (domain.md 2.2): what goes out comes in the same, versions included."""

import csv
import io

import pytest

from company import Company

YEAR = {"from_date": "2047-01-01", "to_date": "2047-12-31"}


@pytest.fixture(scope="module")
def director(company):
    return company.login()


@pytest.fixture(scope="module")
def empty(company, spare):
    """The same people in a company that has no goals."""
    it = spare()
    it.start()
    other = Company(it, company.name)
    yield other
    other.close()


@pytest.fixture(scope="module")
def goals(company, director):
    """Goals with all that one can have: stretch, lock, method, season, several versions, quarters."""
    def change(verb, **fields):
        director.call(f"GoalService.{verb}", metric="revenue", **{**YEAR, **fields})

    change("Set", unit=company.region, target=1_000_003, reason='a "plan", with a comma')
    change("Split", unit=company.region, method="SPLIT_METHOD_HEADCOUNT", deep=True,
           stretch_milli=33, reason="首次分解")
    change("SplitAlong", unit=company.region, part="GOAL_PART_QUARTER", deep=True,
           seasons=[{"child": "11", "weight": 1500}])
    change("Set", unit=company.unit("North"), target=600_000, locked=True)
    change("Split", unit=company.region, method="SPLIT_METHOD_HEADCOUNT", deep=True,
           reason="locked\nin two lines")
    director.call("GoalService.Set", unit=company.unit("South"), metric="visits", target=77, **YEAR)
    return company


def export(company, *options):
    answer = company.cli("goal", "export", company.region, "--period", "2047", *options)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def bring(company, tmp_path, text, *options, who=None):
    path = tmp_path / "goals.csv"
    path.write_text(text)
    return company.cli("goal", "import", path, *options, who=who)


def test_what_is_exported_changes_nothing_where_it_came_from(goals, tmp_path):
    before = export(goals, "--history")
    for text in (export(goals), before):
        answer = bring(goals, tmp_path, text)
        assert answer.returncode == 0 and "0 versions made." in answer.stdout, answer
    assert export(goals, "--history") == before


def test_in_an_empty_company_everything_is_as_it_was(goals, empty, tmp_path):
    history = export(goals, "--history")
    rows = list(csv.DictReader(io.StringIO(history)))
    assert {row["version"] for row in rows} >= {"1", "2", "3"}
    answer = bring(empty, tmp_path, history, "--dry-run")
    assert answer.returncode == 0 and f"{len(rows)} versions would be made." in answer.stdout
    assert export(empty).count("\n") == 1
    answer = bring(empty, tmp_path, history)
    assert answer.returncode == 0 and f"{len(rows)} versions made." in answer.stdout
    assert export(empty, "--history") == history
    assert export(empty) == export(goals)


def test_who_brought_it_is_kept_beside_who_made_it(goals, empty, tmp_path):
    bring(empty, tmp_path, export(goals, "--history"))
    one = {"unit": goals.region, "metric": "revenue", **YEAR}
    there = goals.login().call("GoalService.History", **one).versions
    here = empty.login().call("GoalService.History", **one).versions
    assert len(here) == len(there) > 1
    for made, brought in zip(there, here):
        assert (brought.actor, brought.made_at) == (made.actor, made.made_at)
        assert brought.imported_by == "director" and brought.imported_at.seconds > 0
        assert not made.HasField("imported_by")
    audited = empty.login().call("AuditService.List", page_size=50).rows
    assert any("GoalService.Import" in entry.method for entry in audited)


def test_what_is_there_is_never_written_anew(goals, tmp_path):
    before = export(goals, "--history")
    lines = list(csv.reader(io.StringIO(before)))
    lines[1][lines[0].index("target")] = "1.00"
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    answer = bring(goals, tmp_path, text.getvalue())
    assert answer.returncode == 1 and "line 2" in answer.stdout
    assert "Nothing was changed." in answer.stderr
    assert export(goals, "--history") == before


def test_only_a_director_of_all_brings_a_history(goals, tmp_path):
    answer = bring(goals, tmp_path, export(goals, "--history"), who="boss")
    assert answer.returncode == 1 and "director" in answer.stderr
    assert bring(goals, tmp_path, export(goals), who="boss").returncode == 0


def test_one_bad_line_and_nothing_is_taken(goals, tmp_path):
    head = "unit,metric,from_date,to_date,target\n"
    good = f"{goals.unit('South')},visits,2047-02-01,2047-02-28,5\n"
    for bad in (f"{goals.region}/Nowhere,visits,2047-02-01,2047-02-28,5\n",
                f"{goals.region},cakes,2047-02-01,2047-02-28,5\n",
                f"{goals.region},visits,2047-02-31,2047-02-28,5\n",
                f"{goals.region},visits,2047-02-01,2047-02-28,-5\n", good):
        before = export(goals, "--history")
        answer = bring(goals, tmp_path, head + good + bad)
        assert answer.returncode == 1 and "line 3" in answer.stdout + answer.stderr, answer
        assert "Nothing was changed." in answer.stderr
        assert export(goals, "--history") == before


def test_a_stretch_is_what_was_typed(goals):
    """Ten times 1844674407370955162 is 4 in 64 bits, and was a stretch of 0.4 %."""
    for text in ("1844674407370955162", "900.1", "7.", "7.55", "%"):
        answer = goals.cli("goal", "stretch", "visits", text, "--unit", goals.unit("South"),
                           "--period", "2047")
        assert answer.returncode == 2 and f'"{text}" is no stretch' in answer.stderr, answer
    answer = goals.cli("goal", "days", "visits", "--unit", goals.unit("South"), "--period", "2047",
                       "--season", "11=9223372036854775.9")
    assert answer.returncode == 2 and "is no weight" in answer.stderr, answer


def test_a_lock_comes_through_a_spreadsheet(goals, tmp_path):
    """Which writes true as TRUE; what is neither that nor false is not taken for false."""
    before = export(goals, "--history")
    lines = list(csv.DictReader(io.StringIO(export(goals))))
    for word, changed in (("TRUE", 0), ("yes", None)):
        text = io.StringIO()
        writer = csv.DictWriter(text, lines[0])
        writer.writeheader()
        writer.writerows({**line, "locked": word if line["locked"] == "true" else "FALSE"}
                         for line in lines)
        answer = bring(goals, tmp_path, text.getvalue())
        assert (answer.returncode == 0) == (changed == 0), answer
        assert "0 versions made." in answer.stdout or '"yes" is neither' in answer.stderr
        assert export(goals, "--history") == before


def test_versions_that_are_not_whole_are_refused(goals, empty, tmp_path):
    head = "unit,metric,from_date,to_date,target,version,actor,made_at\n"
    row = f"{goals.region},visits,2046-02-01,2046-02-28,5"
    for rest in (",2,x,2046-01-01T00:00:00Z", ",1,,2046-01-01T00:00:00Z", ",1,x,"):
        answer = bring(empty, tmp_path, head + row + rest + "\n")
        assert answer.returncode == 1 and "line 2" in answer.stdout, answer


def test_a_large_file_goes_in_batches(goals, tmp_path):
    head = "unit,metric,from_date,to_date,target\n"
    rows = [f"{goals.region},materials,{1920 + i // 28 // 12}-{i // 28 % 12 + 1:02}-{i % 28 + 1:02},"
            f"{1920 + i // 28 // 12}-{i // 28 % 12 + 1:02}-{i % 28 + 1:02},{i}\n"
            for i in range(2100)]
    rows[2050] = rows[2050].replace(",2050\n", ",x\n")
    answer = bring(goals, tmp_path, head + "".join(rows))
    assert answer.returncode == 1 and "2000 goals before were taken" in answer.stderr
    rows[2050] = rows[2050].replace(",x\n", ",2050\n")
    answer = bring(goals, tmp_path, head + "".join(rows))
    assert answer.returncode == 0 and "100 versions made." in answer.stdout, answer


def test_a_line_without_a_stretch_ends_the_one_in_force(company, director, tmp_path):
    def line():
        text = company.cli("goal", "export", company.region, "--period", "2048").stdout
        return next(row for row in csv.DictReader(io.StringIO(text)))

    year = {"from_date": "2048-01-01", "to_date": "2048-12-31"}
    for stretched in ("", "1000"):
        director.call("GoalService.Set", unit=company.region, metric="visits", target=1000,
                      stretch_milli=100, **year)
        text = ("unit,metric,from_date,to_date,target,stretched_target\n"
                f"{company.region},visits,2048-01-01,2048-12-31,1000,{stretched}\n")
        assert "1 version made." in bring(company, tmp_path, text).stdout
        assert (line()["stretch_milli"], line()["stretched_target"]) == ("0", "1000")
        assert "0 versions made." in bring(company, tmp_path, text).stdout


def test_a_history_without_a_season_has_none(goals, empty, tmp_path):
    """"none" takes a season away; it is no season."""
    text = export(goals, "--history")
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(row for row in rows if row["version"] == "1" and not row["seasons"])
    out = io.StringIO()
    writer = csv.DictWriter(out, row, lineterminator="\n")
    writer.writeheader()
    writer.writerow({**row, "from_date": "2049-01-01", "to_date": "2049-12-31", "seasons": "none"})
    for made in ("1 version made.", "0 versions made."):
        answer = bring(empty, tmp_path, out.getvalue())
        assert made in answer.stdout, answer
    kept = empty.cli("goal", "export", empty.region, "--period", "2049", "--history").stdout
    assert next(csv.DictReader(io.StringIO(kept)))["seasons"] == ""
