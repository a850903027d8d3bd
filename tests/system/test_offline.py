"""What can be seen without the daemon: the copy of one's own, and as of when it is."""

import csv
import io
import json

import pytest

from daemon import run_cli
from test_outbox import GOOD, NOWHERE, Device

LANGUAGES = ["en_US.UTF-8", "zh_CN.UTF-8"]
COMMANDS = [["day"], ["customer", "list"], ["customer", "show", "Harbour Trade"]]


@pytest.fixture(scope="module")
def device(company, tmp_path_factory):
    """A rep with two customers, who was online and no longer is."""
    it = Device(company, "n1.1", tmp_path_factory.mktemp("state"))
    for name, grade in (("Harbour Trade", None), ("绿源科技", "A")):
        company.log({**company.good("visit"), "customer": name}, who="n1.1")
        if grade:
            deal = company.login("n1.1").call("DealService.List", person=company.handle("n1.1"),
                                              customer=name).deals[0].id
            company.login("n1.1").call("DealService.Grade", deal=deal, grade="GRADE_A",
                                       evidence="payment date", expected_close="2099-01-01")
    shown = it.run("sync", "flush")
    assert shown.returncode == 0, shown.stderr
    return it


def offline(device, *arguments, **options):
    return device.run(*arguments, address=NOWHERE, **options)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_same_as_with_the_daemon_and_as_of_when(device, command, lang):
    there = device.run(*command, lang=lang)
    away = offline(device, *command, lang=lang)
    assert (there.returncode, there.stderr, away.returncode) == (0, "", 0)
    assert away.stdout == there.stdout
    assert len(away.stderr.splitlines()) == 2, "why, and as of when"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_for_programs_too(device, command):
    assert json.loads(offline(device, *command, "--json").stdout) == json.loads(
        device.run(*command, "--json").stdout)
    there = list(csv.reader(io.StringIO(device.run(*command, "--csv").stdout)))
    assert list(csv.reader(io.StringIO(offline(device, *command, "--csv").stdout))) == there


def test_filters(device):
    def names(*arguments):
        shown = json.loads(offline(device, "customer", "list", *arguments, "--json").stdout)
        return [customer["name"] for customer in shown.get("customers", [])]
    assert sorted(names()) == ["Harbour Trade", "绿源科技"]
    assert names("--grade", "A") == ["绿源科技"]
    assert names("--name-contains", "harbour") == ["Harbour Trade"]
    assert len(names("--limit", "1")) == 1
    assert sorted(names("--person", device.company.handle("n1.1"))) == ["Harbour Trade", "绿源科技"]


def test_what_the_copy_has_not(device):
    for command, code in ((["customer", "show", "Nobody"], 1),
                          (["customer", "list", "--person", "someone"], 1),
                          (["customer", "list", "/"], 1), (["day", "2026-01-05"], 3),
                          (["day", "--person", "someone"], 3), (["report", "rollup", "/"], 3)):
        shown = offline(device, *command)
        assert shown.returncode == code and shown.stdout == "" and shown.stderr, command


def test_without_a_copy_it_is_unreachable(company, tmp_path):
    for command in (["day"], ["customer", "list"], ["customer", "show", "Harbour Trade"]):
        shown = run_cli(NOWHERE, company.token_path("n1.2"), *command, XDG_STATE_HOME=str(tmp_path))
        assert (shown.returncode, shown.stdout) == (3, "")


def test_a_day_shows_what_waits_and_does_not_count_it(device):
    before = json.loads(device.run("day", "--json").stdout)
    saved = json.loads(device.run("log", "visit", "Harbour Trade", *GOOD, "--json",
                                  address=NOWHERE).stdout)
    identity = saved["outcomes"][0]["id"]
    for address in (NOWHERE, None):
        day = device.run("day", address=address)
        assert "not synced" in day.stdout and identity[-8:] in day.stdout
        told = json.loads(device.run("day", "--json", address=address).stdout)
        assert told["metrics"] == before["metrics"]
        (waiting,) = [fact for fact in told["facts"] if "effective" not in fact]
        assert waiting["id"] == identity
    assert device.run("sync", "flush").returncode == 0
    day = json.loads(device.run("day", "--json").stdout)
    assert all("effective" in fact for fact in day["facts"])
    assert [fact["id"] for fact in day["facts"]].count(identity) == 1


def test_one_log_fills_the_copy(company, tmp_path):
    it = Device(company, "s1.2", tmp_path)
    assert it.run("log", "visit", "Harbour Trade", *GOOD).returncode == 0
    for command in (["day"], ["customer", "list"]):
        assert offline(it, *command).returncode == 0


def test_what_was_synced_is_in_the_copy(device):
    """Logged online, looked at offline."""
    device.run("log", "visit", "Harbour Trade", *GOOD)
    assert offline(device, "day", "--json").stdout == device.run("day", "--json").stdout


def test_short_ids_are_known_without_the_daemon(device):
    deals = json.loads(device.run("deal", "list", "--json", "--person",
                                  device.company.handle("n1.1")).stdout)["deals"]
    short = deals[0]["id"][-8:]
    saved = offline(device, "log", "visit", deals[0]["customer"], *GOOD, "--deal", short)
    assert saved.returncode == 3, saved.stderr
    assert device.run("sync", "flush").returncode == 0
