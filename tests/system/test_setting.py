"""Settings (domain.md, opening): what a director can change, inherited and dated."""

import datetime

import pytest

from client import Refused
from psql import psql

TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def put(company, key, value, unit="/setting", who=None, **fields):
    return company.login(who).call("SettingService.Set", unit=unit, key=key, value=value,
                                   **fields).setting


def in_force(company, unit="/setting", **fields):
    answer = company.director.call("SettingService.Show", unit=unit, **fields)
    return {setting.key: setting for setting in answer.settings}


def test_defaults_hold_where_no_unit_says_otherwise(company):
    setting = in_force(company, date="2024-06-01")["shrink_weight"]
    assert (setting.value, setting.unit, setting.from_date) == ("20", "", "")


def test_the_nearest_unit_and_the_latest_day_decide(company):
    put(company, "shrink_weight", "30", from_date="2025-01-01")
    put(company, "shrink_weight", "40", from_date="2025-06-01")
    put(company, "shrink_weight", "50", unit="/setting/North", from_date="2025-03-01")
    for unit, date, value, source in (
            ("/setting", "2024-12-31", "20", ""), ("/setting", "2025-05-31", "30", "/setting"),
            ("/setting/South", "2025-06-01", "40", "/setting"),
            ("/setting/North/North 1", "2025-02-28", "30", "/setting"),
            ("/setting/North/North 1", "2025-07-01", "50", "/setting/North")):
        setting = in_force(company, unit, date=date)["shrink_weight"]
        assert (setting.value, setting.unit) == (value, source), (unit, date)


def test_2_7_solve_takes_the_weight_in_force(company):
    put(company, "shrink_weight", "7", unit="/setting/South", from_date="2025-01-01")
    answer = company.director.call(
        "SolveService.Solve", unit="/setting/South",
        replacements=[{"name": "target", "value": 100}])
    assert answer.shrink_weight == 7


def test_3_2_a_visit_is_judged_by_the_minutes_in_force(company):
    put(company, "minimum_visit_minutes", "45", unit="/setting/South", from_date="2025-05-01")
    short, long_ago, elsewhere = (
        company.log(company.good("visit", who, date=date, minutes=40))[0]
        for who, date in (("s1.1", "2025-05-02"), ("s1.1", "2025-04-30"), ("n1.1", "2025-05-02")))
    assert list(short.failed_reasons) == ["too_short"]
    assert long_ago.effective and elsewhere.effective


@pytest.mark.parametrize("key, value, code", [
    ("luck", "7", "unknown_setting"), ("shrink_weight", "many", "bad_setting"),
    ("shrink_weight", "-1", "bad_setting"), ("shrink_weight", "1.5", "bad_setting"),
    ("shrink_weight", '["a"]', "bad_setting"), ("profile_industries", "7", "bad_setting"),
    ("shrink_weight", "12345678901", "bad_setting"), ("profile_industries", '["a", ""]', "bad_setting"),
    ("profile_industries", '["a", 7]', "bad_setting"), ("pace_hour", "99", "setting_out_of_range"),
])
def test_settings_that_cannot_be(company, key, value, code):
    with pytest.raises(Refused) as caught:
        put(company, key, value)
    assert caught.value.code == code and key in caught.value.message


def test_every_number_has_a_range_and_is_held_to_it(company):
    """What is said names it; the default is of it."""
    rows = psql(company.daemon, "SELECT key, value, least, most FROM tiejun.setting_default "
                                "WHERE jsonb_typeof(value) = 'number'").split()
    for key, value, least, most in (row.split("|") for row in rows):
        assert int(least) <= int(value) <= int(most), key
        for beyond in (int(least) - 1, int(most) + 1):
            with pytest.raises(Refused) as caught:
                put(company, key, str(beyond))
            assert beyond in (-1, 10**9) or f"from {least} to {most}" in caught.value.message


def test_who_may_set_them(company):
    put(company, "conversion_window_days", "200", who="boss")
    for who, unit in (("lead.n1", "/setting/North/North 1"), ("boss", "/"), ("n1.1", "/setting")):
        with pytest.raises(Refused) as caught:
            put(company, "conversion_window_days", "100", unit=unit, who=who)
        assert caught.value.status == "FORBIDDEN"


def test_as_typed(company):
    changed = company.cli("setting", "set", "profile_industries", '["retail", "制造"]', "--unit",
                          "/setting/North", "--from", "2025-01-01")
    assert changed.returncode == 0, changed.stderr
    shown = company.cli("setting", "show", "/setting/North", "--csv")
    assert '"[""retail"", ""制造""]",/setting/North,2025-01-01' in shown.stdout, shown.stdout
