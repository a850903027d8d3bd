"""The table of a run, and what it says of the budgets."""

import statistics

# What is held against what, and by how much it shall be better or how much of it shall be reached.
BUDGETS = [
    ("tiejund 32", "plain 32", 3.5),
    ("tiejund 64", "plain 64", 3.5),
    ("tiejund 32", "one statement 32", 2.2),
    ("tiejund 64", "one statement 64", 2.2),
    ("tiejund 1000", "plain 32", 6.5),
    ("tiejund 32 x 16", "plain 32", 10.0),
    ("backlog one office", "copy one office", 0.65),
    ("backlog mixed", "copy mixed", 0.40),
    ("tiejund 32", "fastify 32", 3.5),
    ("tiejund 64", "fastify 64", 3.5),
]
# The latency that 99 of 100 stay below, at most this share of the other's.
LATENCY_BUDGETS = [("tiejund 32", "plain 32", 0.35), ("tiejund 64", "plain 64", 0.35)]
# The processor time of the server, the same way.
PROCESSOR_BUDGETS = [("tiejund 32", "fastify 32", 0.25), ("tiejund 64", "fastify 64", 0.25)]


class Figures:
    def __init__(self):
        self.results = {}

    def add(self, name, result):
        self.results.setdefault(name, []).append(result)

    def median(self, name, field):
        return statistics.median(getattr(result, field) for result in self.results[name])

    def print(self):
        print(f"{'':20}{'facts/s':>9} {'(of the rounds)':>17} {'p50 ms':>8}{'p99 ms':>9}"
              f"{'us server':>10}{'us db':>7}{'WAL B':>7}{'steal':>7}{'load':>6}{'busy':>6}")
        for name, results in self.results.items():
            rates = sorted(result.facts_per_second for result in results)
            print(f"{name:20}{self.median(name, 'facts_per_second'):9.0f} "
                  f"{rates[0]:8.0f}-{rates[-1]:<8.0f} {self.median(name, 'p50_ms'):8.2f}"
                  f"{self.median(name, 'p99_ms'):9.2f}{self.median(name, 'server_us'):10.1f}"
                  f"{self.median(name, 'database_us'):7.0f}{self.median(name, 'wal_bytes'):7.0f}"
                  f"{self.median(name, 'steal'):7.1%}{self.median(name, 'load'):6.1f}"
                  f"{sum(result.busy for result in results):6}")
        self._judge("facts/s", BUDGETS, "facts_per_second", lambda ratio, goal: ratio >= goal)
        self._judge("p99", LATENCY_BUDGETS, "p99_ms", lambda ratio, goal: ratio <= goal)
        self._judge("server's processor time", PROCESSOR_BUDGETS, "server_us",
                    lambda ratio, goal: ratio <= goal)

    def _judge(self, what, budgets, field, is_met):
        for name, other, goal in budgets:
            if name in self.results and other in self.results:
                # Within a round the machine is most alike.
                ratio = statistics.median(
                    getattr(mine, field) / max(getattr(theirs, field), 1e-9)
                    for mine, theirs in zip(self.results[name], self.results[other]))
                print(f"{what}: {name} / {other} = {ratio:.2f}, budget {goal}: "
                      f"{'met' if is_met(ratio, goal) else 'missed'}")
