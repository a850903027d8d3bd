"""The programs from outside: tiejund in a folder of its own, and tiejun's command line."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import contract
from client import Client, authorities

BUILD = pathlib.Path(os.environ.get("TIEJUN_BUILD", contract.REPO / "build")).resolve()
TIEJUND = BUILD / "tiejund"
TIEJUN = BUILD / "tiejun"
# A daemon with sanitizers is several times slower.
SANITIZED = b"__asan_init" in TIEJUND.read_bytes() if TIEJUND.exists() else False
PATIENCE = 60 * (4 if SANITIZED else 1)
# Where commands keep their outboxes, one for each token.
STATE = tempfile.TemporaryDirectory(prefix="tj.state.")


def wait_until(condition, what, seconds=PATIENCE):
    """Polls until condition() is true, and returns what it said."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def wait_while_it_gets_on(condition, progress, what):
    """As wait_until(), for what takes long on a slow machine: patience begins anew whenever
    progress() says another thing."""
    while not (answer := condition()):
        seen = progress()
        wait_until(lambda seen=seen: condition() or progress() != seen, what)
    return answer


def processes_with(text):
    """Ids of the processes whose command line holds this text."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in line and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def run_tiejund(*arguments, program=TIEJUND, **options):
    """A command of the daemon that ends by itself."""
    return subprocess.run([program, *map(str, arguments)], text=True, capture_output=True,
                          timeout=PATIENCE, **options)


class Daemon:
    """A tiejund, on a private cluster in its own folder or by a file of settings."""

    def __init__(self, home=None, config=None, name="tiejund", program=TIEJUND):
        # Sockets have short paths, and PostgreSQL's account must come through.
        self.top = pathlib.Path(home or tempfile.mkdtemp(prefix="tj.", dir="/tmp"))
        self.top.chmod(0o755)
        self.private = self.top / "db"
        self.token_file = self.top / "director.token"
        self.log_file = self.top / f"{name}.log"
        self.config = config
        self.program = program
        self.process = None
        self.address = None
        # Where in the log the present process began.
        self.log_mark = 0

    def place(self):
        return ["--config", self.config] if self.config else ["--private", self.private]

    def run(self, *arguments):
        return run_tiejund(*self.place(), *arguments, program=self.program)

    def init(self, company="Acme", director="director", token_file=None, **options):
        """token_file False: the director gets a code."""
        more = [part for name, value in options.items()
                for part in (f"--{name.replace('_', '-')}", value)]
        if token_file is not False:
            more += ["--token-file", token_file or self.token_file]
        return self.run("init", "--company", company, "--director", director, *more)

    def start(self, *arguments):
        # Another of the same name may have been here before.
        self.log_mark = len(self.log())
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, *map(str, self.place()), "--listen", "127.0.0.1:0", *arguments, "serve"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self.await_address()

    def await_address(self):
        self.address = wait_until(self._serving, f"{self.log_file} says that it serves")
        authorities[self.address] = self.ca()
        return self

    def ca(self):
        """The file of its CA."""
        return (self.config.parent if self.config else self.private) / "tls/ca.pem"

    def _serving(self):
        assert self.process.poll() is None, f"tiejund ended:\n{self.log()}"
        mark = " serving on "
        lines = [line for line in self.log_since_start() if mark in line]
        return lines[-1].split(mark)[1].strip() if lines else None

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def log_since_start(self):
        return self.log()[self.log_mark:].splitlines()

    def errors(self):
        """Lines of level error, and findings of sanitizers."""
        return [line for line in self.log().splitlines()
                if " error " in line[:32] or "Sanitizer" in line or "runtime error" in line]

    def token(self):
        return bytes.fromhex(self.token_file.read_text().strip())

    def client(self, token=None, **options):
        return Client(self.address, self.token() if token is None else token, **options)

    def kill(self, number):
        """Returns the exit code. It is gone afterwards, if need be by SIGKILL."""
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            return process.wait(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()
            self.log_mark = len(self.log())

    def stop(self):
        """Returns the exit code."""
        return self.kill(signal.SIGTERM) if self.process else None

    def check(self):
        """tiejund check, beside the running daemon."""
        return self.run("check")

    def connection(self, user="tiejun_daemon", database="tiejun"):
        """A connection string to the private cluster while it runs."""
        return f"host={self.private} user={user} dbname={database}"

    def remove(self):
        """Stops what runs, and says what is left of it."""
        code = self.stop()
        try:
            wait_until(lambda: not processes_with(str(self.top)), "its processes end")
        finally:
            shutil.rmtree(self.top, ignore_errors=True)
        return code


def run_cli(address, token_file, *arguments, lang="en_US.UTF-8", stdin=None, **environment):
    """One tiejun command; the result has returncode, stdout and stderr as text."""
    return subprocess.run(
        [TIEJUN, *map(str, arguments)], text=True, capture_output=True, timeout=PATIENCE,
        input=stdin, env=cli_environment(address, token_file, lang, **environment))


def cli_environment(address, token_file, lang, **more):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LC_", "LANG", "TIEJUN_")) or name == "TIEJUN_LOCALEDIR"}
    if address in authorities:
        environment["TIEJUN_CA"] = str(authorities[address])
    return {**environment, "LANG": lang, "COLUMNS": "80", "TIEJUN_SERVER": address,
            "TIEJUN_TOKEN_FILE": str(token_file), "XDG_STATE_HOME": STATE.name, **more}
