"""What can happen: a table of faults, a plan of them by a seed, and who carries it out.

A plan is paced by work, not by time: a fault strikes when so many commands have ended since the one
before, and is healed when so many more have. So the same seed is the same plan on any machine.
"""

import collections
import dataclasses
import random
import signal
import typing

from daemon import wait_until

AFTER_MOST, LASTS_MOST = 5, 20
DAY = 86400
# Ahead of the truth, in seconds. A clock an hour behind finds the daemon's certificate, which is
# new, not valid yet.
CLOCK_STEPS = (-3000, 0, 0, 3600, DAY, 30 * DAY)


@dataclasses.dataclass(frozen=True)
class Fault:
    """after, lasts: in commands that end meanwhile. place and size are any numbers, of which a kind
    takes what it needs."""
    kind: str
    after: int
    lasts: int
    place: int
    size: int


class Scene(typing.NamedTuple):
    """Whom faults strike."""
    centre: object
    proxy: object
    force: object

    def line(self, fault):
        return self.proxy.lines[fault.place % len(self.proxy.lines)]

    def computer(self, fault):
        return self.force.computers[fault.place % len(self.force.computers)]

    def hand(self, fault):
        return self.force.hands[fault.place % len(self.force.hands)]


class Kind(typing.NamedTuple):
    weight: int
    strike: typing.Callable
    # None: it is over at once.
    heal: typing.Callable | None = None


def come_up(scene, _fault):
    scene.centre.come_up()
    scene.proxy.lead_to(scene.centre.daemon.address)


def heal_line(scene, fault):
    scene.line(fault).heal()


def kill_command(scene, fault):
    process = scene.hand(fault).process
    if process:
        process.kill()


def set_clock(scene, fault):
    scene.computer(fault).clock.set(CLOCK_STEPS[fault.size % len(CLOCK_STEPS)])


KINDS = {
    "line cut": Kind(14, lambda scene, fault: scene.line(fault).cut()),
    "half delivered": Kind(12, lambda scene, fault: scene.line(fault).half_deliver()),
    "bytes repeated": Kind(8, lambda scene, fault: scene.line(fault).repeat_after(fault.size)),
    "line stalled": Kind(8, lambda scene, fault: scene.line(fault).stall(), heal_line),
    "line slowed": Kind(6, lambda scene, fault: scene.line(fault).slow(), heal_line),
    "line down": Kind(6, lambda scene, fault: scene.line(fault).go_down(), heal_line),
    "daemon killed": Kind(6, lambda scene, _: scene.centre.kill_daemon(), come_up),
    "daemon stopped": Kind(3, lambda scene, _: scene.centre.signal_daemon(signal.SIGSTOP), come_up),
    "agent killed": Kind(10, lambda scene, fault: scene.computer(fault).kill_agent(),
                         lambda scene, fault: scene.computer(fault).start_agent()),
    "agent stopped": Kind(5, lambda scene, fault: scene.computer(fault).signal_agent(signal.SIGSTOP),
                          lambda scene, fault: scene.computer(fault).signal_agent(signal.SIGCONT)),
    "command killed": Kind(8, kill_command),
    "postmaster killed": Kind(4, lambda scene, _: scene.centre.kill_postmaster(), come_up),
    "backend killed": Kind(2, lambda scene, fault: scene.centre.kill_backend(fault.place)),
    "backend stopped": Kind(3, lambda scene, fault: scene.centre.stop_backend(fault.place), come_up),
    "disk full": Kind(4, lambda scene, _: scene.force.fill_disk(),
                      lambda scene, _: scene.force.free_disk()),
    "clock set": Kind(6, set_clock),
}


def plan(seed, count, without=()):
    """The faults of a run, by its seed alone. without: kinds that this machine cannot do."""
    fate = random.Random(seed)
    weights = [kind.weight for kind in KINDS.values()]
    faults = [Fault(fate.choices(list(KINDS), weights)[0], fate.randint(1, AFTER_MOST),
                    fate.randint(1, LASTS_MOST), fate.randrange(1 << 16), fate.randrange(2000))
              for _ in range(count)]
    return [fault for fault in faults if fault.kind not in without]


def carry_out(faults, scene):
    """Returns how often each kind struck."""
    struck = collections.Counter()
    healing = []
    for fault in faults:
        strike_at = scene.force.commands() + fault.after
        _heal_until(strike_at, healing, scene)
        _wait_for(strike_at, scene)
        KINDS[fault.kind].strike(scene, fault)
        struck[fault.kind] += 1
        if KINDS[fault.kind].heal:
            healing.append((scene.force.commands() + fault.lasts, fault))
            healing.sort(key=lambda due: due[0])
    for _, fault in healing:
        KINDS[fault.kind].heal(scene, fault)
    return struck


def _wait_for(count, scene):
    wait_until(lambda: scene.force.commands() >= count, "commands go on")


def _heal_until(count, healing, scene):
    while healing and healing[0][0] <= count:
        due, fault = healing.pop(0)
        _wait_for(due, scene)
        KINDS[fault.kind].heal(scene, fault)
