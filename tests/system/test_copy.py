"""The offline copy by change cursor: nothing is missed, and what did not change is not sent."""

import json
import random
import subprocess

import pytest

import contract
from contract import frame
from psql import command, psql
from test_outbox import NOWHERE, Device

CUSTOMERS = ("CustomerService", "customers", "key")
DEALS = ("DealService", "deals", "id")


class Copy:
    """What a client keeps of one set, by the contract alone."""

    def __init__(self, client, service):
        self.client = client
        self.service, self.field, self.key = service
        self.cursor, self.rows, self.bytes, self.sent = "", {}, 0, 0

    def page(self, size=200):
        """Takes in a page; whether there are more."""
        answer = self.client.call(f"{self.service}.Changes", since=self.cursor, page_size=size)
        self.bytes, self.sent = answer.ByteSize(), len(getattr(answer, self.field))
        gone = None if answer.whole else set(answer.parts)
        self.rows = {key: row for key, row in self.rows.items()
                     if gone is not None and row.part not in gone}
        for row in getattr(answer, self.field):
            assert row.part in answer.parts
            self.rows[getattr(row, self.key)] = row
        self.cursor = answer.next_cursor or self.cursor
        return answer.more

    def catch_up(self, size=200):
        while self.page(size):
            pass

    def shown(self):
        """As the list shows it: without what is of the copy alone."""
        rows = []
        for _, kept in sorted(self.rows.items()):
            row = type(kept)()
            row.CopyFrom(kept)
            row.ClearField("part")
            if self.key == "key":
                row.ClearField("key")
            rows.append(row)
        return rows

    def truth(self, whose):
        rows = self.client.pages(f"{self.service}.List", self.field, person=whose)
        return rows if self.key == "key" else sorted(rows, key=lambda row: row.id)


class Writer:
    """A transaction of its own, to be ended when the test wants it."""

    def __init__(self, daemon):
        self.process = subprocess.Popen(
            command(daemon.connection("tiejun_owner")), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.run("SET search_path = tiejun, pg_temp")
        self.open = False

    def run(self, text):
        self.process.stdin.write(f"{text};\n\\echo done\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", text

    def change(self, text):
        self.run(text if self.open else f"BEGIN;\n{text}")
        self.open = True

    def end(self, how):
        if self.open:
            self.run(how)
        self.open = False

    def close(self):
        self.process.stdin.close()
        self.process.wait()


@pytest.fixture(scope="module")
def own(company):
    """A rep with many customers, one of them with a deal each, and somebody else."""
    names = [f"{company.name} {number:03}" for number in range(150)]
    company.login().call("CustomerService.Add", customers=[
        {"name": name, "owner": company.handle("n1.1"), "note": "n" * 40} for name in names])
    company.log(*(company.good("visit", customer=name) for name in names[::3]), who="n1.1")
    return names


def changes(company, names, chance):
    """One change of a customer or its deal, as SQL."""
    name = chance.choice(names)
    to = company.handle(chance.choice(["n1.1", "n1.1", "n1.2"]))
    return chance.choice([
        f"UPDATE customer SET note = '{chance.random()}' WHERE name = '{name}'",
        "UPDATE customer SET owner_id = (SELECT id FROM person WHERE handle = "
        f"'{to}') WHERE name = '{name}'",
        f"UPDATE deal SET grade = '{chance.choice('abc')}' WHERE customer_id = "
        f"(SELECT id FROM customer WHERE name = '{name}')",
        f"UPDATE deal SET state = 'lost', closed_on = now() WHERE state = 'open' AND customer_id = "
        f"(SELECT id FROM customer WHERE name = '{name}')",
        f"DELETE FROM customer WHERE name = '{name}'" if chance.random() < 0.1 else "SELECT"])


@pytest.mark.parametrize("seed", range(4))
def test_the_copy_is_the_truth_whatever_commits_when(company, own, seed):
    """Several transactions are open at a time and end in any order, some undone, while a client
    reads pages of any size between any two steps."""
    chance = random.Random(seed)
    copies = [Copy(company.login("n1.1"), service) for service in (CUSTOMERS, DEALS)]
    writers = [Writer(company.daemon) for _ in range(4)]
    try:
        for step in range(150):
            number = chance.randrange(len(writers))
            writer = writers[number]
            # Each has customers of its own, so that none waits for another.
            writer.change(changes(company, own[number::len(writers)], chance))
            if chance.random() < 0.3:
                chance.choice(writers).end(chance.choice(["COMMIT", "COMMIT", "ROLLBACK"]))
            if chance.random() < 0.5:
                chance.choice(copies).page(chance.choice([1, 10, 200]))
            if step % 50 == 25:
                company.log(company.good("visit", customer=chance.choice(own)), who="n1.1")
    finally:
        for writer in writers:
            writer.end("COMMIT")
            writer.close()
    for copy in copies:
        copy.catch_up(chance.choice([5, 200]))
        assert copy.rows and copy.shown() == copy.truth(company.handle("n1.1")), seed


def test_nothing_is_sent_when_nothing_changed_and_little_when_little_did(company, own):
    for service in (CUSTOMERS, DEALS):
        copy = Copy(company.login("n1.1"), service)
        copy.catch_up()
        assert not copy.page() and (copy.sent, copy.bytes) == (0, 4), "no more than that"
    customers = Copy(company.login("n1.1"), CUSTOMERS)
    customers.catch_up()
    fresh = next(row.name for row in customers.shown() if not row.last_contact)
    company.log(company.good("visit", customer=fresh), who="n1.1")
    assert not customers.page() and 0 < customers.sent < 15
    assert customers.shown() == customers.truth(company.handle("n1.1"))


def test_who_is_who_belongs_to_it(company, own):
    """Names and places of others' tables show in the rows."""
    copy = Copy(company.login("n1.1"), CUSTOMERS)
    copy.catch_up()
    psql(company.daemon, "SET search_path = tiejun; UPDATE person SET name = name || ' B' "
                         f"WHERE handle = '{company.handle('n1.1')}'")
    copy.catch_up()
    assert copy.shown() == copy.truth(company.handle("n1.1"))


@pytest.mark.parametrize("since", ["", "1", "g" * 1024, "'; SELECT", "0" * 1023],
                         ids=["none", "short", "no digits", "quote", "cut"])
def test_a_cursor_that_is_none_begins_again(company, own, since):
    answer = company.login("n1.1").call("CustomerService.Changes", since=since, page_size=1)
    assert answer.whole and answer.more and len(answer.next_cursor) == 1024


def test_a_cursor_of_another_database_is_put_right(company, own):
    """What the client has is compared, whatever it came from."""
    other = Copy(company.login("n1.2"), CUSTOMERS)
    other.catch_up()
    copy = Copy(company.login("n1.1"), CUSTOMERS)
    copy.cursor, copy.rows = other.cursor, dict(other.rows)
    copy.catch_up()
    assert copy.shown() == copy.truth(company.handle("n1.1"))


# ---- answers that are kept ----

def ask(client, method, kept, **fields):
    """A request that says which answer its client keeps; the whole Response."""
    client.next_id += 1
    request = frame.Request(id=client.next_id, method=contract.full_name(method), kept=kept,
                            body=contract.request_class(method)(**fields).SerializeToString())
    client.waiting[client.next_id] = method
    client.send_frame(request=request)
    return client.receive_response()


def test_an_answer_that_is_the_same_is_not_sent_again(company):
    client = company.login("n1.1")
    first = ask(client, "FactService.ShowDay", b"")
    assert first.status == frame.STATUS_OK and first.body and first.digest
    again = ask(client, "FactService.ShowDay", first.digest)
    assert again.unchanged and not again.HasField("body") and again.digest == first.digest
    assert again.ByteSize() < 64
    company.log(company.good("visit"), who="n1.1")
    now = ask(client, "FactService.ShowDay", first.digest)
    assert now.body and not now.unchanged and now.digest != first.digest
    for wrong in (b"x", b"\0" * 32, b"x" * 500):
        assert ask(client, "FactService.ShowDay", wrong).body
    assert ask(client, "FactService.ShowDay", first.digest, person="nobody").error.code


def test_who_does_not_ask_for_a_digest_gets_none(company):
    client = company.login("n1.1")
    number = client.send("FactService.ShowDay")
    answer = client.receive_response()
    assert (answer.id, answer.HasField("digest"), answer.HasField("unchanged")) == (
        number, False, False)


def test_what_is_another_persons_now_leaves_the_copy(company, tmp_path):
    it = Device(company, "s1.1", tmp_path)
    names = {company.customer() for _ in range(3)}
    for name in names:
        it.visit(name)

    def offline():
        assert it.run("brief", "morning").returncode == 0
        shown = it.run("customer", "list", "--json", address=NOWHERE)
        return {row["name"] for row in json.loads(shown.stdout).get("customers", [])}
    assert offline() == names
    gone = names.pop()
    psql(company.daemon, "SET search_path = tiejun; UPDATE customer SET owner_id = (SELECT id FROM "
                         f"person WHERE handle = '{company.handle('s1.2')}') WHERE name = '{gone}'")
    assert offline() == names
    assert it.run("customer", "show", gone, address=NOWHERE).returncode == 1
