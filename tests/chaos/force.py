"""Twenty reps of four offices: each with a computer of their own, an agent that runs on it, and a
hand that logs one fact after another, whatever breaks."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time

from client import authorities
from clock import Clock
from company import Company
from daemon import BUILD, PATIENCE, TIEJUN, cli_environment, wait_until
from history import Attempt, Outbox, Said

AGENT = BUILD / "tiejun-agent"
OFFICES = ("North", "East", "South", "West")
REPS_OF_OFFICE = 5
# With room for the logs that SQLite lets grow to 4 MiB, two for each computer.
SMALL_DISK = "size=48m,mode=700"
# An agent may rest for a minute after failures, and wait as long for an answer.
CALM_SECONDS = 2 * PATIENCE
BAD_SHARE, VOID_SHARE = 0.03, 0.06


class TwentyReps(Company):
    TEAMS = {f"{office}/{office} 1": [f"{office[0].lower()}.{n}" for n in range(REPS_OF_OFFICE)]
             for office in OFFICES}


class Computer:
    """One rep's: a token, a state folder, a clock and an agent."""

    def __init__(self, company, short, state, line):
        self.device = company.handle(short)
        self.token_file = company.token_path(short)
        self.state = state
        self.state.mkdir(parents=True)
        self.address = line.address
        self.clock = Clock(self.token_file.with_suffix(".clock"))
        self.log_file = self.token_file.with_suffix(".agent.log")
        self.agent = None

    def environment(self):
        return cli_environment(self.address, self.token_file, "en_US.UTF-8",
                               XDG_STATE_HOME=str(self.state), **self.clock.environment())

    def start_agent(self):
        if not self.agent_runs():
            with open(self.log_file, "ab") as log:
                self.agent = subprocess.Popen([AGENT], env=self.environment(), stdout=log,
                                              stderr=log, stdin=subprocess.DEVNULL)

    def agent_runs(self):
        """One that cannot open the outbox at its start, on a full disk, ends; no other does."""
        if self.agent and self.agent.poll() is not None:
            said = self.log_file.read_text()
            assert said.rstrip().endswith("nobody to work for"), f"an agent ended by itself:\n{said}"
            self.agent = None
        return self.agent is not None

    def signal_agent(self, number):
        if self.agent_runs():
            self.agent.send_signal(number)

    def kill_agent(self, number=signal.SIGKILL):
        self.signal_agent(number)
        if self.agent:
            self.agent.wait(timeout=PATIENCE)
            self.clock.forget(self.agent)
        self.agent = None

    def waiting(self):
        """Ids of the facts that are to be sent."""
        found = []
        for file in self.state.glob("tiejun/*/outbox.sqlite"):
            with contextlib.closing(sqlite3.connect(file)) as outbox:
                found += [identity for identity, in
                          outbox.execute("SELECT id FROM fact WHERE state = 0")]
        return found

    def outbox(self):
        """As `tiejun sync` shows it."""
        shown = subprocess.run([TIEJUN, "sync", "rejected", "--json"], env=self.environment(),
                               text=True, capture_output=True, timeout=PATIENCE, check=True).stdout
        return Outbox(self.waiting(), {it["fact"]["id"]: it["outcome"].get("message", "")
                                       for it in json.loads(shown).get("facts", [])})


class Hand(threading.Thread):
    """Logs facts on a computer until it is told to stop. What it does is by its seed alone."""

    def __init__(self, computer, seed, customers, history):
        super().__init__(daemon=True)
        self.computer = computer
        self.random = random.Random(seed)
        self.customers = customers
        self.history = history
        self.count = 0
        self.stopped = threading.Event()
        self.process = None
        # Of facts that are kept and not voided.
        self.standing = []

    def end(self):
        """Whatever its command is at."""
        process = self.process
        if process and process.poll() is None:
            process.kill()
        if self.is_alive():
            self.join(PATIENCE)

    def run(self):
        while not self.stopped.is_set():
            self._log(*self._next_fact())

    def _next_fact(self):
        """A fact's arguments, its columns, and whether it is good."""
        self.count += 1
        # Of letters that take one, two, three and four bytes.
        note = f"{self.computer.device} {self.count} · 报价 {self.random.choice('🀄🧧🍜')}"
        if self.standing and self.random.random() < VOID_SHARE:
            voids = self.standing.pop(self.random.randrange(len(self.standing)))
            return ["void", voids, "--note", note], {"kind": "void", "voids": voids, "note": note}, True
        customer = self.random.choice(self.customers)
        kind, more, columns = self._work()
        arguments = [kind, customer, *more, "--note", note]
        columns |= {"kind": kind, "customer": customer, "note": note, "voids": None}
        if self.random.random() < BAD_SHARE:
            return [*arguments, "--date", "2001-01-01"], columns, False
        return arguments, columns, True

    def _work(self):
        """A kind, its arguments, and its columns."""
        minutes = self.random.randint(1, 90)
        amount = self.random.randint(1, 10**7)
        return self.random.choice([
            ("visit", ["--minutes", minutes, "--outcome", f"wants {amount}"],
             {"minutes": minutes, "outcome": f"wants {amount}"}),
            ("negotiation", [], {}),
            ("material", ["--subject", f"list {amount}"], {"subject": f"list {amount}"}),
            ("signing", [f"{amount / 100:.2f}", "--currency", "USD"],
             {"amount_minor": amount, "currency": "USD"}),
            ("payment", [f"{amount / 100:.2f}", "--currency", "USD"],
             {"amount_minor": amount, "currency": "USD"}),
        ])

    def _log(self, arguments, columns, good):
        attempt = Attempt(self.computer.device, columns, good, began=time.time())
        self.process = subprocess.Popen(
            [TIEJUN, "log", *map(str, arguments), "--json"], env=self.computer.environment(),
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, error = self.process.communicate(timeout=PATIENCE)
        attempt.ended = time.time()
        self.computer.clock.forget(self.process)
        take_word(attempt, self.process.returncode, output, error)
        if attempt.said is Said.NOT_KEPT:
            # Whoever sees that tries again in a moment.
            self.stopped.wait(0.2)
        if attempt.said is Said.KEPT and good and columns["kind"] != "void":
            self.standing.append(attempt.id)
        self.history.append(attempt)


def take_word(attempt, code, output, error):
    """What the command said, and that it was one of the things that it may say."""
    outcome = json.loads(output)["outcomes"][0] if output.endswith("}\n") else None
    if outcome:
        attempt.id = outcome["id"]
        attempt.said = (Said.REFUSED if outcome.get("intake") == "INTAKE_REFUSED" else Said.KEPT)
    elif code == 1:
        attempt.said = Said.NOT_KEPT
    assert code in (0, 1, 3, -signal.SIGKILL), f"{attempt}: exit {code}\n{output}{error}"
    # What was wrong with a hint, and where it is kept.
    said = [line for line in error.splitlines() if line.startswith("tiejun: ")]
    assert code != 1 or len(said) <= 2 and len(error.splitlines()) <= 3, error


class Force:
    """All of them, at work. remove() is due whatever make() came to."""

    def __init__(self, centre):
        self.centre = centre
        self.history = []
        self.folder = centre.top / "offices"
        self.disk = self.folder / OFFICES[0].lower()
        self.has_small_disk = False
        self.computers = []
        self.hands = []

    def make(self, proxy, seed):
        for line in proxy.lines:
            authorities[line.address] = self.centre.daemon.ca()
        company = TwentyReps(self.centre.daemon, "chaos")
        customers = [company.customer() for _ in range(12)]
        self.disk.mkdir(parents=True)
        self.has_small_disk = os.geteuid() == 0 and mount(SMALL_DISK, self.disk)
        self.computers = [
            Computer(company, short, self.folder / team.split("/")[0].lower() / short, line)
            for (team, reps), line in zip(TwentyReps.TEAMS.items(), proxy.lines) for short in reps]
        company.close()
        self.hands = [Hand(computer, f"{seed}/{number}", customers, self.history)
                      for number, computer in enumerate(self.computers)]

    def start(self):
        for it in self.computers:
            it.start_agent()
        for hand in self.hands:
            hand.start()

    def commands(self):
        """How many `tiejun log` have ended, but for those that had no room on the disk."""
        assert all(hand.is_alive() for hand in self.hands), "a command said what none may say"
        return sum(it.said is not Said.NOT_KEPT for it in self.history)

    # ---- the disk of one office ----

    def fill_disk(self):
        """To the last byte."""
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while ballast.write(bytes(65536)):
                    pass
            except OSError:
                pass

    def free_disk(self):
        (self.disk / "ballast").unlink(missing_ok=True)

    # ---- the end ----

    def rest(self):
        """The hands stop; the agents go on."""
        for hand in self.hands:
            hand.stopped.set()
        for hand in self.hands:
            hand.join(PATIENCE)
            assert not hand.is_alive(), "a command does not end"

    def settle(self):
        """Until the outboxes are empty, by the agents alone. What stays in them is for the checker."""
        for it in self.computers:
            it.start_agent()
        try:
            wait_until(lambda: not any(it.waiting() for it in self.computers),
                       "the outboxes are empty", CALM_SECONDS)
        except AssertionError:
            for it in self.computers:
                if it.waiting():
                    print(f"{it.device}: {it.log_file.read_text()}")

    def outboxes(self):
        return {it.device: it.outbox() for it in self.computers}

    def stop_agents(self):
        for it in self.computers:
            it.signal_agent(signal.SIGCONT)
            it.kill_agent(signal.SIGTERM)

    def remove(self):
        for hand in self.hands:
            hand.stopped.set()
        for hand in self.hands:
            hand.end()
        for it in self.computers:
            if it.agent:
                it.agent.kill()
                it.agent.wait()
                it.clock.forget(it.agent)
        if self.has_small_disk:
            subprocess.run(["umount", "-l", self.disk], check=True)


def mount(options, folder):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                          capture_output=True).returncode == 0
