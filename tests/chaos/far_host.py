"""A host behind a cable of its own: a network namespace whose answers can be lost on the way, so that
nobody can tell it from one whose line was cut. Only root may make one."""

import os
import subprocess


def run(*arguments, check=True):
    return subprocess.run([*map(str, arguments)], check=check, capture_output=True, text=True)


class FarHost:
    # One at a time and process; of the addresses that are for tests of networks (RFC 2544).
    def __init__(self):
        number = os.getpid()
        self.name = f"tj{number}"
        self.here, self.address = (f"198.18.{number // 64 % 256}.{number % 64 * 4 + end}"
                                   for end in (1, 2))

    def make(self):
        """False where this machine does not let us."""
        if os.geteuid() != 0 or run("ip", "netns", "add", self.name, check=False).returncode != 0:
            return False
        try:
            self._lay_cable()
        except subprocess.CalledProcessError:
            self.remove()
            return False
        return True

    def _lay_cable(self):
        inside = ("ip", "-n", self.name)
        run("ip", "link", "add", self.name, "type", "veth", "peer", "name", "cable",
            "netns", self.name)
        run("ip", "address", "add", f"{self.here}/30", "dev", self.name)
        run("ip", "link", "set", self.name, "up")
        run(*inside, "address", "add", f"{self.address}/30", "dev", "cable")
        run(*inside, "link", "set", "cable", "up")
        run(*inside, "link", "set", "lo", "up")

    def command(self):
        """What a command line begins with that is to run on it."""
        return ["ip", "netns", "exec", self.name]

    def fall_silent(self):
        """It hears, and what it says is heard by nobody."""
        run("ip", "-n", self.name, "route", "add", "blackhole", self.here)

    def speak_again(self):
        run("ip", "-n", self.name, "route", "delete", "blackhole", self.here)

    def remove(self):
        run("ip", "netns", "delete", self.name)
