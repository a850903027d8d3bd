"""The sample company of ./run demo, and that it tells its story."""

import datetime
import os
import subprocess
import sys

import pytest

import contract
from daemon import BUILD, PATIENCE, cli_environment

DEMO = contract.REPO / "tests" / "demo"
# A shorter past than the demo's; its trends are the same.
DAYS = 60
FALLING = "/西部区/成都分公司"
STAR, FAKER = "lin.xiaoyu", "wu.hao"


def generate(folder, today):
    """What play is told of the day."""
    folder.mkdir()
    subprocess.run([sys.executable, DEMO / "generate", folder, today, str(DAYS)], check=True,
                   timeout=PATIENCE, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    lines = (folder / "story.sh").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("today, day", [
    ("2026-11-24", "2026-11-24"),
    ("2026-11-22", "2026-11-20"),  # Sunday
    ("2026-10-05", "2026-09-30"),  # in a holiday week
    ("2026-10-10", "2026-10-10"),  # the Saturday that makes up for it
    ("2027-01-02", "2026-12-31"),
    ("2028-02-29", "2028-02-29"),
])
def test_the_played_day_is_the_last_working_day(tmp_path, today, day):
    assert generate(tmp_path / "demo", today)["day"] == day


def test_the_same_day_makes_the_same_company(tmp_path):
    generate(tmp_path / "one", "2026-11-24")
    generate(tmp_path / "other", "2026-11-24")
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


@pytest.fixture(scope="module")
def demo(spare):
    """The daemon after the demo, and what play printed."""
    daemon = spare(init=False)
    made = daemon.init(company="铁军示范公司", director="zhang.jianguo", name="张建国",
                       time_zone="Asia/Shanghai", currency="CNY", locale="zh_CN")
    assert made.returncode == 0, made.stderr
    daemon.start()
    environment = cli_environment(daemon.address, daemon.token_file, "en_US.UTF-8",
                                  TIEJUN_DEMO_DAYS=str(DAYS),
                                  PATH=f"{BUILD}:{os.environ['PATH']}")
    played = subprocess.run([DEMO / "play"], text=True, capture_output=True, env=environment,
                            timeout=2 * PATIENCE)
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stderr == ""
    return daemon, played.stdout


@pytest.fixture(scope="module")
def client(demo):
    with demo[0].client() as client:
        yield client


@pytest.fixture(scope="module")
def today(client):
    return datetime.date.fromisoformat(client.call("SessionService.WhoAmI").today)


def rollup(client, **fields):
    """{group: row} of one metric."""
    return {row.group: row for row in client.call("ReportService.Rollup", **fields).rows}


def test_totals_agree_with_facts(demo):
    checked = demo[0].check()
    assert checked.returncode == 0, checked.stdout


def test_output_fits_a_terminal(demo):
    for line in demo[1].splitlines():
        wide = sum(1 for character in line if "\u2e80" <= character <= "\uffef")
        assert len(line) + wide <= 80, line


def test_an_office_falls(client, today):
    def effective(unit, first, last):
        answer = client.call("ReportService.Rollup", unit=unit, metrics=["visits"],
                             from_date=str(today - datetime.timedelta(first)),
                             to_date=str(today - datetime.timedelta(last)))
        return answer.totals[0].effective

    def change(unit):
        return effective(unit, 21, 1) / effective(unit, DAYS - 8, DAYS - 28)

    assert change(FALLING) < 0.75 * change("/")


def test_one_rep_fakes(client, today):
    rows = rollup(client, unit="/", metrics=["visits"], group_by="GROUP_BY_REP",
                  from_date=str(today - datetime.timedelta(DAYS)), to_date=str(today))
    most = max(row.actual for row in rows.values() if row.group != STAR)
    rates = {group: row.effective / row.actual for group, row in rows.items() if row.actual}
    assert rows[FAKER].actual == most
    assert min(rates, key=rates.get) == FAKER
    assert rates[FAKER] < 0.2


def test_one_rep_rises_to_the_top(client, demo):
    day = datetime.date.fromisoformat(demo[1].split("One working day: ")[1][:10])
    rows = rollup(client, unit="/", metrics=["revenue"], group_by="GROUP_BY_REP",
                  from_date=str(day.replace(day=1)), to_date=str(day))
    assert max(rows, key=lambda group: rows[group].effective) == STAR


def test_the_mistake_does_not_count(client, demo):
    day = demo[1].split("One working day: ")[1][:10]
    answer = client.call("FactService.ShowDay", person=STAR, date=day)
    done = {metric.metric: metric.done for metric in answer.metrics}
    assert done["appointments"] == 3 and done["new_customers"] == 5 and done["visits"] == 8
    assert done["signings"] == 1
    assert [fact for fact in answer.facts if fact.voided_by]
