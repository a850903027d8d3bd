"""Every method of the contract, by an independent client and by `tiejun call`, to the same answer."""

import datetime
import json
import re

import pytest
from google.protobuf import json_format

import contract
from client import Refused
from company import EFFECTIVE, token_hash
from psql import psql

# The two runs of an example differ in N, which their texts and ids carry: 1 is the independent
# client's, 2 that of `tiejun call`.
DEAL = "0190a0a0-0000-7000-8000-0000000000d{n}"
FACT = "0190a0a0-0000-7000-8000-0000000000f{n}"
PENDING = "0190a0a0-0000-7000-8000-0000000000e{n}"
GROUND_DEAL = "0190a0a0-0000-7000-8000-0000000000da"
RANGE = {"from_date": "2025-05-01", "to_date": "2025-05-31"}
R = "/contract"

# A period that is under way.
TODAY = datetime.datetime.now(datetime.UTC).date()
AROUND = {"from_date": str(TODAY - datetime.timedelta(days=30)),
          "to_date": str(TODAY + datetime.timedelta(days=30))}
EXAMPLES = {
    "CalendarService.Set": {"unit": R, "days": [
        {"date": "2025-05-0{n}", "factor_milli": 0, "name": "x{n}x"}]},
    "CalendarService.Show": {"unit": R, **RANGE},
    "CalendarService.SetWeek": {"unit": R, "weekday_mask": 63, "from_date": "203{n}-01-01"},
    "LeaveService.Add": {"person": "contract.n1.1", "from_date": "203{n}-03-04",
                         "away_milli": 500, "reason": "x{n}x"},
    "LeaveService.List": {"person": "contract.n1.1", "from_date": "203{n}-03-01",
                          "to_date": "203{n}-03-31"},
    "LeaveService.Remove": {"person": "contract.n1.1", "from_date": "203{n}-03-04"},
    "StandardService.Show": {"unit": R, "date": "2025-05-01"},
    "StandardService.Set": {"unit": R, "metric": "visits", "target": 8, "from_date": "2025-05-01"},
    "MetricService.List": {},
    "CustomerService.Add": {"customers": [
        {"name": "contract x{n}x", "owner": "contract.n1.1", "industry": "retail", "line": 7},
        {"name": "", "line": 8}]},
    "CustomerService.Show": {"customer": "contract ground"},
    "CustomerService.List": {"unit": R, "name_contains": "ground", "page_size": 10},
    "CustomerService.Changes": {},
    "DealService.Changes": {"page_size": 10},
    "DealService.Record": {"deals": [
        {"id": DEAL, "customer": "contract deal x{n}x", "person": "contract.n1.1",
         "product": "GTX", "grade": "GRADE_B", "state": "DEAL_STATE_OPEN",
         "opened_on": "2025-05-02", "value_minor": 90000, "external_ref": "ref x{n}x",
         "line": 3}]},
    "DealService.List": {"unit": R, "customer": "contract ground", "page_size": 5,
                         "state": "DEAL_STATE_SIGNED"},
    "DealService.Show": {"deal": GROUND_DEAL},
    "DealService.Grade": {"deal": DEAL, "grade": "GRADE_A", "evidence": "has a date",
                          "expected_close": "2099-05-01"},
    "DealService.Lose": {"deal": DEAL, "reason": "price", "date": "2025-05-20"},
    "FactService.Log": {"facts": [
        {"id": FACT, "kind": "FACT_KIND_VISIT", "person": "contract.n1.1", "date": "2025-05-05",
         "customer": "contract ground", **EFFECTIVE["visit"]},
        {"id": "no id", "kind": "FACT_KIND_VISIT"}]},
    "FactService.List": {"unit": R, "customer": "contract ground", **RANGE},
    "FactService.Pending": {"unit": R, "page_size": 5},
    "FactService.Decline": {"person": "contract.n1.1", "id": PENDING, "reason": "x{n}x"},
    "FactService.ShowDay": {"person": "contract.n1.2", "date": "2025-05-05"},
    "GoalService.Set": {"unit": R, "metric": "visits", "target": 300, "reason": "x{n}x",
                        "from_date": "203{n}-01-01", "to_date": "203{n}-12-31"},
    "GoalService.Import": {"goals": [
        {"line": 1, "unit": R, "metric": "materials", "target": 9, "reason": "x{n}x",
         "from_date": "203{n}-03-01", "to_date": "203{n}-03-31"}]},
    "GoalService.Split": {"unit": R, "metric": "visits", "method": "SPLIT_METHOD_STATED",
                          "weights": [{"child": "North", "weight": 2},
                                      {"child": "South", "weight": 1}],
                          "stretch_milli": 50, "from_date": "203{n}-01-01",
                          "to_date": "203{n}-12-31"},
    "GoalService.SplitAlong": {"unit": R, "metric": "visits", "part": "GOAL_PART_QUARTER",
                               "method": "SPLIT_METHOD_EQUAL",
                               "seasons": [{"child": "07", "weight": 1500}],
                               "from_date": "203{n}-01-01", "to_date": "203{n}-12-31"},
    "GoalService.Rebalance": {"unit": R, "metric": "negotiations", "dry_run": True, **AROUND},
    "GoalService.Tree": {"unit": R, "metric": "visits", "levels": 2,
                         "from_date": "203{n}-01-01", "to_date": "203{n}-12-31"},
    "GoalService.History": {"unit": R, "metric": "visits", "from_date": "203{n}-01-01",
                            "to_date": "203{n}-12-31"},
    "GoalService.Diff": {"unit": R, "metric": "visits", "version_before": 1,
                         "from_date": "203{n}-01-01", "to_date": "203{n}-12-31"},
    "GoalService.Phase": {"unit": R, "metric": "negotiations", **AROUND},
    "GoalService.List": {"unit": R, "metric": "visits", "from_date": "203{n}-01-01",
                         "to_date": "203{n}-12-31"},
    "RateService.Set": {"rates": [{"currency": "USD", "into_currency": "CNY", "rate": "7.1",
                                   "from_date": "203{n}-01-01"}]},
    "RateService.List": {"date": "2099-01-01"},
    "GoalService.Show": {"unit": R, "metric": "visits", "from_date": "203{n}-01-01",
                         "to_date": "203{n}-12-31"},
    "PaceService.Show": {"person": "contract.n1.2", "as_of": "2025-05-14", **RANGE},
    "SolveService.Solve": {"person": "contract.n1.2", "as_of": "2025-05-14", **RANGE},
    "OrgService.Show": {"unit": R},
    "OrgService.AddUnit": {"parent": R, "name": "Office x{n}x", "kind": "UNIT_KIND_OFFICE",
                           "from_date": "2025-01-01"},
    "OrgService.MoveUnit": {"unit": R + "/Office x{n}x", "parent": R + "/North",
                            "from_date": "2025-02-01"},
    "OrgService.Import": {"rows": [
        {"line": 1, "unit": R + "/North/Imported x{n}x", "handle": "contract.i{n}", "name": "I"},
        {"line": 2, "unit": R + "/North/North 1", "handle": "a b", "name": "I"}]},
    "PersonService.Add": {"handle": "contract.p{n}", "name": "P", "unit": R + "/North",
                          "role": "ROLE_SUPERVISOR", "from_date": "2025-01-01"},
    "PersonService.Move": {"person": "contract.p{n}", "unit": R + "/South",
                           "from_date": "2025-02-01"},
    "PersonService.List": {"unit": R + "/South/South 1", "page_size": 2},
    "PersonService.GrantRole": {"person": "contract.p{n}", "unit": R + "/South",
                                "role": "ROLE_REGION_MANAGER", "from_date": "2025-03-01"},
    "PersonService.LendRole": {"person": "contract.lead.n1", "borrower": "contract.p{n}",
                               "role": "ROLE_SUPERVISOR", "unit": R + "/North/North 1",
                               "from_date": "2034-01-01", "to_date": "2034-02-01"},
    "PersonService.RevokeRole": {"person": "contract.p{n}", "role": "ROLE_SUPERVISOR",
                                 "unit": R + "/North/North 1", "last_date": "2034-01-15"},
    "SessionService.WhoAmI": {},
    "PersonService.Invite": {"person": "contract.p{n}", "code_hash": "{hash}"},
    "DeviceService.Add": {"person": "contract.p{n}", "token_hash": "{hash}", "name": "telephone"},
    "DeviceService.List": {},
    "DeviceService.Revoke": {"person": "contract.p{n}", "all_devices": True},
    "NoticeService.List": {"topics": ["goal"], "page_size": 5},
    "NoticeService.Subscribe": {"topics": ["goal"], "after": 0},
    "ReportService.Rollup": {"unit": R, "metrics": ["visits", "revenue"],
                             "group_by": "GROUP_BY_UNIT", **RANGE},
    "AuditService.List": {"object": "/contract/South", "refused": False, "page_size": 5},
    "ReportService.Funnel": {"unit": R, "group_by": "GROUP_BY_REP"},
    "CompetitorService.Report": {"unit": R, "group_by": "GROUP_BY_UNIT", **RANGE},
    "SettingService.Set": {"unit": R, "key": "shrink_weight", "value": "20",
                           "from_date": "203{n}-01-01"},
    "SettingService.Show": {"unit": R, "date": "2025-05-05"},
    "ObjectiveService.Add": {
        "title": "x{n}x", "unit": R, "owner": "contract.n1.1", "due_date": "2034-12-31",
        "from_date": "2025-05-01", "key_results": [
            {"title": "it", "source": "KEY_RESULT_SOURCE_RECRUITS", "from_milli": 0,
             "to_milli": 5000}]},
    "ObjectiveService.Edit": {"id": "{objective}", "title": "y", "due_date": "2034-06-30"},
    "ObjectiveService.CheckIn": {"id": "{objective}", "note": "well", "place": 1,
                                 "value_milli": 500},
    "ObjectiveService.Show": {"id": "{objective}"},
    "ObjectiveService.List": {"unit": R},
    "ObjectiveService.Close": {"id": "{objective}", "state": "OBJECTIVE_STATE_DROPPED",
                               "note": "enough"},
}
# The objectives of the examples, by N.
objectives = {}


# What one says of oneself once, or before one is known: test_login.py.
ELSEWHERE = {"SessionService.Login", "SessionService.Enrol", "SessionService.Logout",
             "SessionService.ChangePassword"}


def numbered(value, n):
    """The example's fields with N put in."""
    if isinstance(value, dict):
        return {name: numbered(inner, n) for name, inner in value.items()}
    if isinstance(value, list):
        return [numbered(inner, n) for inner in value]
    if value == "{objective}":
        return objectives.get(n, 10**9)
    if value == "{hash}":
        return token_hash(b"contract%d" % n)
    return value.replace("{n}", str(n)) if isinstance(value, str) else value


def request(method, n):
    return contract.request_class(method)(**numbered(EXAMPLES[method], n))


def comparable(answer):
    """A response as JSON, with what belongs to one of the runs alone taken out."""
    text = json.dumps(json_format.MessageToDict(answer), sort_keys=True)
    for form in ("x{n}x", "203{n}-", ".p{n}", DEAL, FACT, PENDING):
        text = re.sub(re.escape(form).replace(r"\{n\}", "[12]"), form, text)

    def without_clock(value):
        if isinstance(value, dict):
            # Of ids only those of objectives are counted in numbers.
            return {name: without_clock(inner) for name, inner in value.items()
                    if name not in ("madeAt", "madeBefore", "madeAfter", "at", "objective",
                                    "expiresAt")
                    and not (name == "id" and inner.isdigit())}
        return [without_clock(inner) for inner in value] if isinstance(value, list) else value

    return without_clock(json.loads(text))


@pytest.fixture(scope="module")
def ground(company):
    """A customer with a deal, some work, a goal and objectives, for the methods that read."""
    company.login().call("DealService.Record", deals=[
        {"id": GROUND_DEAL, "customer": "contract ground", "person": "contract.n1.2",
         "grade": "GRADE_C", "opened_on": "2025-05-01", "product": "资料"}])
    company.login().call("GoalService.Set", person="contract.n1.2", metric="revenue",
                         target=10**17, **RANGE)
    company.login().call("GoalService.Set", unit=R, metric="negotiations", target=7, **AROUND)
    for outcome in company.log(
            company.good("visit", "n1.2", date="2025-05-05", customer="contract ground"),
            company.good("signing", "n1.2", date="2025-05-06", customer="contract ground",
                         deal=GROUND_DEAL, amount_minor=2**53 + 1)):
        assert outcome.intake == contract.types.INTAKE_ACCEPTED, outcome
    for outcome in company.log(*(
            company.fact("material", subject="list", date="2025-05-05", id=PENDING.format(n=n),
                         recorded_at=None)
            for n in (1, 2, 3)), who="n1.1"):
        assert outcome.intake == contract.types.INTAKE_PENDING, outcome
    for n in (1, 2):
        objectives[n] = company.login().call(
            "ObjectiveService.Add", title="it", unit=R, from_date="2025-01-01",
            due_date="2034-12-31", key_results=[{
                "title": "it", "source": "KEY_RESULT_SOURCE_NUMBER", "from_milli": 0,
                "to_milli": 1000}]).id
    psql(company.daemon, """
        SET search_path = tiejun, pg_temp;
        SELECT notices_add(ARRAY[
            (p.id, 'goal', NULL, p.id, NULL, false,
             '{"target": 7, "lines": [{"metric": "visits", "done": 3}]}')::notice_in])
        FROM person AS p WHERE p.handle = 'director'""")
    return company


def test_every_method_has_an_example():
    assert set(map(contract.full_name, [*EXAMPLES, *ELSEWHERE])) == set(contract.methods)


def test_call_lists_every_method(company):
    listed = company.cli("call", "--list", "--csv")
    assert listed.returncode == 0
    assert {line.split(",")[1] for line in listed.stdout.splitlines()[1:]} == set(contract.methods)


def run_call(company, method, message):
    """`tiejun call` with the request in canonical JSON; the answer parsed by json_format."""
    answer = company.cli("call", contract.full_name(method), "-",
                         stdin=json_format.MessageToJson(message))
    assert answer.returncode == 0, answer.stderr
    parsed = json_format.Parse(answer.stdout, contract.response_class(method)())
    assert json.loads(answer.stdout) == json_format.MessageToDict(parsed), "not canonical"
    return parsed


@pytest.mark.parametrize("method", EXAMPLES)
def test_the_same_answer_both_ways(ground, method):
    """In the order of the table: some examples stand on what an earlier one made."""
    independent = ground.login().call(method, request(method, 1))
    by_cli = run_call(ground, method, request(method, 2))
    assert comparable(by_cli) == comparable(independent)
    assert contract.response_class(method).DESCRIPTOR.fields == [] or independent.ByteSize() > 0


@pytest.mark.parametrize("method", EXAMPLES)
def test_help_of_a_method_names_its_fields(company, method):
    shown = company.cli("call", contract.full_name(method), "--help")
    assert shown.returncode == 0, shown.stderr
    for message in (contract.request_class(method), contract.response_class(method)):
        for field in message.DESCRIPTOR.fields:
            assert field.json_name in shown.stdout


def test_field_names_of_both_sorts(company):
    """Canonical JSON writes lowerCamelCase and reads the contract's own names as well."""
    texts = ['{"fromDate": "2025-05-01", "toDate": "2025-05-02", "unit": "/contract"}',
             '{"from_date": "2025-05-01", "to_date": "2025-05-02", "unit": "/contract"}']
    answers = [company.cli("call", "tiejun.v1.CalendarService.Show", text) for text in texts]
    assert answers[0].returncode == 0, answers[0].stderr
    assert answers[0].stdout == answers[1].stdout


@pytest.mark.parametrize("text", ['{"unitt": "/"}', '{"unit": 7}', '{"depth": "many"}', "[1]",
                                  "{", "", '{"depth": 2147483648}', '{"unit": "a\\u0000b"}'])
def test_json_that_is_no_request(company, text):
    answer = company.cli("call", "tiejun.v1.OrgService.Show", text)
    assert answer.returncode == 2, answer.stdout
    assert answer.stderr.startswith("tiejun: ") and answer.stdout == ""


def test_call_that_is_refused(company):
    answer = company.cli("call", "tiejun.v1.OrgService.Show", '{"unit": "/nowhere"}')
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "/nowhere" in answer.stderr


def test_call_of_a_method_that_is_none(company):
    answer = company.cli("call", "tiejun.v1.OrgService.Abolish")
    assert answer.returncode == 2 and "Abolish" in answer.stderr


@pytest.mark.parametrize("method", EXAMPLES)
def test_requests_without_any_field(company, method):
    """Nothing is required by the wire: each is answered, or refused in words."""
    try:
        company.login().call(method)
    except Refused as error:
        assert error.status in {"INVALID", "NOT_FOUND", "FORBIDDEN", "CONFLICT"}, error
        assert error.code and error.message


@pytest.mark.parametrize("method", EXAMPLES)
def test_requests_with_wrong_texts_in_every_field(company, method):
    """Texts that are no path, date, id or name are refused in words, never a fault of the daemon."""
    descriptor = contract.request_class(method).DESCRIPTOR
    for text in ("'", "\\", "2025-13-45", "{1,2}", "NULL", "很长" * 500, "-1"):
        for field in descriptor.fields:
            if field.type != field.TYPE_STRING or field.label == field.LABEL_REPEATED:
                continue
            fields = {**numbered(EXAMPLES[method], 9), field.name: text}
            try:
                company.login().call(method, **fields)
            except Refused as error:
                assert error.status in {"INVALID", "NOT_FOUND", "CONFLICT"}, f"{field.name}: {error}"
