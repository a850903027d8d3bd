"""Twenty reps log while lines, programs, the database, a disk and clocks fail them at random: at the
end every fact that a command reported saved is in the database once and as it was logged, totals
equal the facts, and no outbox holds anything but refusals that can be seen.

TIEJUN_SEED makes the same plan again; TIEJUN_FAULTS says how many strike.
"""

import contextlib
import os
import random
import time

import pytest

import clock
import faults
from centre import Centre
from daemon import SANITIZED
from force import OFFICES, Force
from history import Said, violations
from proxy import Proxy

FAULTS = int(os.environ.get("TIEJUN_FAULTS", 40 if SANITIZED else 200))
SEED = int(os.environ.get("TIEJUN_SEED", random.randrange(10**6)))


@pytest.fixture
def scene():
    codes = []
    with contextlib.ExitStack() as ending:
        centre = Centre()
        ending.callback(lambda: codes.append(centre.remove()))
        proxy = Proxy(len(OFFICES))
        ending.callback(proxy.close)
        centre.make()
        proxy.lead_to(centre.daemon.address)
        force = Force(centre)
        ending.callback(force.remove)
        force.make(proxy, SEED)
        yield faults.Scene(centre, proxy, force)
    # None: the storm was given up while it was killed.
    assert codes[0] in (0, None), "the daemon ended with an error"


def impossible(force):
    """Kinds of faults that this machine cannot do, said in words."""
    without = set()
    if not force.has_small_disk:
        without.add("disk full")
        print("no disk runs full: only root may mount a small one")
    if not clock.CAN_BE_SET:
        without.add("clock set")
        print("no clock is set: libfaketime is not there, or a sanitizer is in the way")
    return without


def sanitizers_findings(scene):
    logs = [scene.centre.daemon.log_file, *(it.log_file for it in scene.force.computers)]
    return [line for log in logs for line in log.read_text(errors="replace").splitlines()
            if "Sanitizer" in line or "runtime error" in line]


def statements_at_fault(scene):
    """What no fault of others explains: deadlocks, and facts that were kept already."""
    return [line for line in scene.centre.server.log().splitlines()
            if "deadlock detected" in line or "duplicate key" in line]


def test_what_was_reported_saved_is_kept_once_whatever_strikes(scene):
    print(f"TIEJUN_SEED={SEED} TIEJUN_FAULTS={FAULTS}")
    began = time.monotonic()
    scene.force.start()
    struck = faults.carry_out(faults.plan(SEED, FAULTS, impossible(scene.force)), scene)
    scene.force.rest()
    stormy = time.monotonic() - began
    scene.force.settle()
    scene.force.stop_agents()
    facts = scene.centre.facts()
    history = scene.force.history
    said = {it.name: sum(attempt.said is it for attempt in history) for it in Said}
    print(f"{dict(struck)}\n{len(history)} commands: {said}; {len(facts)} facts; storm"
          f" {stormy:.0f} s, calm {time.monotonic() - began - stormy:.0f} s")
    found = violations(history, facts, scene.force.outboxes())
    assert not found, f"{len(found)} broken promises:\n" + "\n".join(found[:40])
    checked = scene.centre.daemon.check()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert statements_at_fault(scene) == []
    assert sanitizers_findings(scene) == []
