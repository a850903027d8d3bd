"""A device's wall clock that can be set: Debian's libfaketime reads it from a file."""

import pathlib

from daemon import SANITIZED

FAKETIME = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
# A sanitizer wants to be loaded first.
CAN_BE_SET = FAKETIME.exists() and not SANITIZED


class Clock:
    def __init__(self, path):
        self.path = path
        self.set(0)

    def set(self, ahead_seconds):
        """For all that runs by it, from now on."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{ahead_seconds:+d}\n")
        fresh.replace(self.path)

    def environment(self):
        """Of a program that is to run by it. The time since boot stays what it is."""
        if not CAN_BE_SET:
            return {}
        return {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(self.path),
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    @staticmethod
    def forget(process):
        """Removes what libfaketime leaves of one that was killed."""
        for name in (f"faketime_shm_{process.pid}", f"sem.faketime_sem_{process.pid}"):
            pathlib.Path("/dev/shm", name).unlink(missing_ok=True)
