"""Customers and whose they are (domain.md 3.7)."""

import pytest

from client import Refused
from contract import types
from psql import psql


@pytest.fixture(scope="module")
def director(company):
    return company.login()


def add(client, *customers, dry_run=False):
    answer = client.call("CustomerService.Add", customers=customers, dry_run=dry_run)
    assert len(answer.outcomes) == len(customers)
    return [types.RecordChange.Name(o.change).removeprefix("RECORD_CHANGE_").lower()
            for o in answer.outcomes], answer.outcomes


def show(client, name):
    return client.call("CustomerService.Show", customer=name).customer


def test_added_once(company, director):
    row = {"name": company.customer(), "owner": "customer.n1.1", "industry": "retail",
           "contact": "Mr Li", "note": "from the fair", "line": 12}
    changes, outcomes = add(director, row)
    assert changes == ["added"] and outcomes[0].line == 12
    assert add(director, row)[0] == ["known"]
    record = show(director, row["name"])
    assert (record.name, record.owner, record.owner_name) == (
        row["name"], "customer.n1.1", "N1.1 customer")
    assert (record.industry, record.contact, record.note) == ("retail", "Mr Li", "from the fair")
    assert record.unit == "/customer/North/North 1"
    assert (record.open_deals, record.signed_deals, record.HasField("grade")) == (0, 0, False)


def test_what_was_missing_is_filled_in(company, director):
    name = company.customer()
    add(director, {"name": name, "owner": "customer.n1.1"})
    changes, _ = add(director, {"name": name, "owner": "customer.n1.1", "industry": "medical"})
    assert changes == ["updated"]
    assert show(director, name).industry == "medical"


@pytest.mark.parametrize("one, other", [
    ("Customer Acme 1", "customer  ACME 1"),
    ("顾客 华为技术 一", "顾客华为技术一"),
    ("Customer ＡＢＣ Ｔｒａｄｉｎｇ", "customer abc trading"),
])
def test_3_7_spellings_of_one_name(director, one, other):
    assert add(director, {"name": one, "owner": "customer.n1.1"})[0] == ["added"]
    assert add(director, {"name": other, "owner": "customer.n1.1"})[0][0] in {"known", "updated"}
    assert show(director, other).name == one


def test_3_7_one_owner_a_customer(company):
    """A second rep gets a conflict that names no hidden data."""
    name = company.customer()
    rep, rival = company.login("n1.1"), company.login("s1.1")
    add(rep, {"name": name, "contact": "Ms Secret", "phone": "0400 123 456"})
    changes, outcomes = add(rival, {"name": name})
    assert changes == ["refused"]
    assert outcomes[0].code and outcomes[0].message
    for hidden in ("n1.1", "Ms Secret", "0400", "North"):
        assert hidden not in outcomes[0].message
    with pytest.raises(Refused) as caught:
        show(rival, name)
    assert caught.value.status == "FORBIDDEN" and "n1.1" not in caught.value.message


def test_a_batch_with_bad_rows(company, director):
    name = company.customer()
    changes, outcomes = add(
        director, {"name": name, "owner": "customer.n1.1", "line": 2}, {"name": " ", "line": 3},
        {"name": "x", "owner": "customer.nobody", "line": 4},
        {"name": name, "owner": "customer.n1.1", "line": 5})
    assert changes == ["added", "refused", "refused", "known"]
    assert [o.line for o in outcomes] == [2, 3, 4, 5]
    assert [o.field for o in outcomes] == ["", "name", "owner", ""]
    assert outcomes[2].code == "unknown_person"


def test_dry_run_registers_nothing(company, director):
    row = {"name": company.customer(), "owner": "customer.n1.1"}
    assert add(director, row, dry_run=True)[0] == ["added"]
    with pytest.raises(Refused) as caught:
        show(director, row["name"])
    assert (caught.value.status, caught.value.code) == ("NOT_FOUND", "unknown_customer")
    assert add(director, row)[0] == ["added"]


def test_a_rep_registers_for_itself_alone(company):
    changes, outcomes = add(company.login("n1.1"),
                            {"name": company.customer(), "owner": "customer.n1.2"})
    assert changes == ["refused"] and outcomes[0].code == "forbidden"


def test_a_thousand_at_once(company, director):
    rows = [{"name": f"{company.customer()} {i}", "owner": "customer.s1.2", "line": i}
            for i in range(1000)]
    assert set(add(director, *rows)[0]) == {"added"}
    assert set(add(director, *rows)[0]) == {"known"}
    pages = director.pages("CustomerService.List", "customers", person="customer.s1.2",
                           page_size=300)
    assert len({c.name for c in pages}) == len(pages) == 1000


def test_work_in_the_field_registers_its_customer(company):
    name = company.customer()
    company.log(company.good("visit", "n1.1", date="2025-04-02", customer=name),
                company.good("visit", "n1.1", date="2025-04-09", customer=name))
    record = show(company.login("n1.1"), name)
    assert (record.owner, record.last_contact) == ("customer.n1.1", "2025-04-09")


def test_list_by_name_grade_and_unit(company, director):
    mark = "findable"
    names = {who: f"{company.customer()} {mark} {who}" for who in ("n1.1", "n2.1", "s1.1")}
    for who, name in names.items():
        company.log(company.good("visit", who, date="2025-04-02", customer=name))

    def found(client=director, **fields):
        rows = client.pages("CustomerService.List", "customers", name_contains=mark, **fields)
        return sorted(row.owner.removeprefix("customer.") for row in rows)

    assert found(unit="/customer") == ["n1.1", "n2.1", "s1.1"]
    assert found(unit="/customer/North") == ["n1.1", "n2.1"]
    assert found(person="customer.s1.1") == ["s1.1"]
    assert found(unit="/customer", grade="GRADE_C") == ["n1.1", "n2.1", "s1.1"]
    assert found(unit="/customer", grade="GRADE_A") == []
    assert found(company.login("n1.1")) == ["n1.1"]
    for fields in ({"unit": "/customer"}, {"person": "customer.n1.2"}):
        with pytest.raises(Refused) as caught:
            found(company.login("n1.1"), **fields)
        assert caught.value.status == "FORBIDDEN"


@pytest.mark.parametrize("part", ["%", "_", "\\", "100%"])
def test_a_part_of_a_name_is_no_pattern(director, part):
    assert director.pages("CustomerService.List", "customers", unit="/customer",
                          name_contains=part) == []


def test_3_2_a_new_customer_fact_describes_who_a_visit_registered_by_name(company, director):
    """A visit registers a customer by name alone; what the new-customer fact says is not lost."""
    name = "Visited Before Ltd"
    company.log(company.good("visit", customer=name))
    company.log(company.good("new_customer", customer=name, industry="retail", contact="Gavin",
                             phone="1000200"))
    shown = show(director, name)
    assert (shown.industry, shown.contact, shown.phone) == ("retail", "Gavin", "1000200")


def test_a_plain_name_has_the_key_that_the_long_way_gives_it(daemon):
    """name_key() spares plain names the dear steps: it must make no difference."""
    words = ["Acme", "acme 2", " Two  Words ", "Ltd", "Acme Ltd", "Acme co LTD ", "Incorp", "x", "",
             "   ", "Acme Corporation", "united", "Tinc 3", "北京铁军有限公司", "ＡＣＭＥ", "A.C.M.E."]
    said = psql(daemon, "".join(
        f"SELECT name_key('{word}') IS NOT DISTINCT FROM name_key_of_any('{word}');\n"
        for word in words))
    assert said.split() == ["t"] * len(words)
