"""Clients that write facts through trouble: what was not acknowledged goes again, elsewhere."""

import random
import threading
import time

from client import Client, Closed, Refused

ACCEPTED, KNOWN = 1, 2


class Writer(threading.Thread):
    """Sends its facts in order, some requests at a time, to whichever daemon answers. By its seed it
    leaves in the middle, with requests under way whose answers it never sees."""

    def __init__(self, addresses, token, facts, seed, leaves=0.3):
        super().__init__(daemon=True)
        self.addresses = addresses
        self.token = token
        self.pending = list(facts)
        self.random = random.Random(seed)
        self.leaves = leaves
        self.acknowledged = {}
        self.refused = []
        self.last_answer = 0.0
        self.stopped = threading.Event()

    def run(self):
        while self.pending and not self.stopped.is_set():
            try:
                with Client(self.random.choice(self.addresses()), self.token) as client:
                    self._converse(client)
            except (Closed, OSError):
                self.stopped.wait(0.05)
            except Refused as refusal:
                assert refusal.status in ("UNAVAILABLE", "BUSY"), refusal
                self.stopped.wait(0.05)

    def _converse(self, client):
        while self.pending and not self.stopped.is_set():
            numbers = []
            start = 0
            for size in [self.random.randint(1, 4) for _ in range(self.random.randint(1, 6))]:
                facts = self.pending[start:start + size]
                start += size
                if facts:
                    numbers.append(client.send("FactService.Log", facts=facts))
            if self.random.random() < self.leaves:
                return
            for number in numbers:
                self._take(client.take(number).outcomes)

    def _take(self, outcomes):
        for outcome in outcomes:
            if outcome.intake in (ACCEPTED, KNOWN):
                self.acknowledged[outcome.id] = outcome.intake
            else:
                self.refused.append(outcome)
        self.pending = [fact for fact in self.pending if fact["id"] not in self.acknowledged]
        self.last_answer = time.monotonic()


def work_for(company, people, count, customers):
    """Facts of these people in turn, on customers that all of them share."""
    kinds = ["visit", "negotiation", "signing", "material", "appointment", "payment"]
    return [company.good(kinds[n % len(kinds)], people[n % len(people)],
                         customer=customers[n * 7 % len(customers)], date="2025-03-03")
            for n in range(count)]


def assert_kept_once(rows, writers):
    """rows: id and count of each fact that the database holds."""
    kept = {row[0]: int(row[1]) for row in rows}
    for writer in writers:
        assert not writer.is_alive() and writer.pending == []
        assert writer.refused == []
        for identity in writer.acknowledged:
            assert kept.get(identity) == 1, f"{identity} is kept {kept.get(identity, 0)} times"
