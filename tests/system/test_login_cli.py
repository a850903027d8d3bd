"""tiejun login, enrol, logout, password, device: by a person at a terminal, and by scripts."""

import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import termios

import pytest

from daemon import BUILD, PATIENCE, TIEJUN, cli_environment, wait_until
from test_login import PASSWORD


@pytest.fixture
def home(company, tmp_path):
    """A computer of its own: nothing says where the daemon is or who one is."""
    environment = cli_environment(company.daemon.address, "", "en_US.UTF-8")
    del environment["TIEJUN_SERVER"], environment["TIEJUN_TOKEN_FILE"]
    return {**environment, "XDG_STATE_HOME": str(tmp_path)}


@pytest.fixture
def invited(company):
    """A handle and a code, as `tiejun person invite` gives them."""
    handle = f"cli.{os.urandom(4).hex()}"
    company.director.call("PersonService.Add", handle=handle, name=f"Name {handle}",
                          unit=company.unit("North/North 1"))
    made = company.cli("person", "invite", handle, "--json")
    assert made.returncode == 0, made.stderr
    return handle, json.loads(made.stdout)["code"]


def tiejun(home, *arguments, secrets=(), **more):
    """A command whose secrets come through a file descriptor, a line each."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as out:
        out.write("".join(f"{secret}\n" for secret in secrets))
    given = ["--password-fd", str(reader)] if secrets else []
    try:
        return subprocess.run([TIEJUN, *map(str, arguments), *given], text=True, timeout=PATIENCE,
                              capture_output=True, stdin=subprocess.DEVNULL, pass_fds=[reader],
                              start_new_session=True, env={**home, **more})
    finally:
        os.close(reader)


class Terminal:
    """A command on a terminal, and all that the terminal showed."""

    def __init__(self, home, *arguments):
        self.shown = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execve(TIEJUN, [str(TIEJUN), *map(str, arguments)], home)

    def wait_for(self, text):
        while text not in self.shown:
            assert self._read(), f"it ended without {text!r}: {self.shown!r}"

    def _read(self):
        ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
        assert ready, f"it is silent after {self.shown!r}"
        try:
            data = os.read(self.terminal, 4096)
        except OSError:
            data = b""
        self.shown += data.decode(errors="replace")
        return data

    def type(self, text):
        os.write(self.terminal, text.encode() + b"\n")

    def echoes(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def read_all(self):
        while self._read():
            pass

    def interrupt(self, number):
        """Until it ends, as people press Control-C: one that comes just before a read is lost."""
        os.kill(self.child, number)
        while True:
            ready, _, _ = select.select([self.terminal], [], [], 0.2)
            if not ready:
                os.kill(self.child, number)
            elif not self._read():
                return

    def end(self):
        self.read_all()
        _, status = os.waitpid(self.child, 0)
        os.close(self.terminal)
        return status


def enrol(home, company, code, **more):
    done = tiejun(home, "enrol", "--server", company.daemon.address, secrets=[code, PASSWORD],
                  **more)
    assert done.returncode == 0, done.stderr
    return done


def state_files(home):
    top = os.path.join(home["XDG_STATE_HOME"], "tiejun")
    return [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]


def test_a_newcomers_first_minutes(home, company, invited):
    """What is typed as a secret is never shown, and afterwards plain commands work."""
    handle, code = invited
    at = Terminal(home, "enrol", "--server", company.daemon.address)
    at.wait_for("Your code: ")
    at.type(code.lower())
    at.wait_for("10 characters or more: ")
    assert not at.echoes()
    at.type(PASSWORD)
    at.wait_for("Once more: ")
    at.type(PASSWORD)
    assert at.end() == 0, at.shown
    assert PASSWORD not in at.shown and code.lower() not in at.shown
    assert f"({handle})" in at.shown
    assert handle in tiejun(home, "whoami").stdout
    assert tiejun(home, "day").returncode == 0


def test_login_asks_for_name_and_password(home, company, invited, tmp_path):
    handle, code = invited
    enrol({**home, "XDG_STATE_HOME": str(tmp_path / "first")}, company, code)
    at = Terminal(home, "login", "--server", company.daemon.address)
    at.wait_for("Your handle: ")
    at.type(handle)
    at.wait_for("Password: ")
    at.type(PASSWORD)
    assert at.end() == 0, at.shown
    assert PASSWORD not in at.shown
    assert handle in tiejun(home, "whoami").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_given_back_whatever_signal_comes(home, company, number):
    at = Terminal(home, "login", "--server", company.daemon.address, "--person", "anybody")
    at.wait_for("Password: ")
    assert not at.echoes()
    at.interrupt(number)
    assert at.echoes()
    assert os.waitstatus_to_exitcode(at.end()) == -number


def test_two_that_differ_are_no_password(home, company, invited):
    _, code = invited
    at = Terminal(home, "enrol", "--server", company.daemon.address)
    at.wait_for("Your code: ")
    at.type(code)
    at.wait_for("10 characters or more: ")
    at.type(PASSWORD)
    at.wait_for("Once more: ")
    at.type(PASSWORD + "!")
    assert os.waitstatus_to_exitcode(at.end()) == 1
    assert "not the same" in at.shown
    enrol(home, company, code)


def test_without_a_terminal_it_says_what_scripts_do(home, company):
    done = tiejun(home, "login", "--server", company.daemon.address, "--person", "anybody")
    assert done.returncode == 2 and "--password-fd" in done.stderr


@pytest.mark.parametrize("command", ["login", "enrol", "password"])
def test_no_secret_is_asked_for_in_vain(home, company, invited, command):
    _, code = invited
    enrol(home, company, code)
    at = Terminal(home, command, "--server", "127.0.0.1:1")
    assert os.waitstatus_to_exitcode(at.end()) == (1 if command == "password" else 3)
    assert ":" in at.shown and not re.search("code: |handle: |assword: ", at.shown)


def test_what_is_kept_is_for_its_owner_alone(home, company, invited):
    handle, code = invited
    enrol(home, company, code)
    files = state_files(home)
    token = next(path for path in files if "/tokens/" in path)
    assert stat.S_IMODE(os.stat(token).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(token)).st_mode) == 0o700
    for path in files:
        content = open(path, "rb").read()
        assert PASSWORD.encode() not in content and code.encode() not in content
    os.chmod(token, 0o644)
    refused = tiejun(home, "whoami")
    assert refused.returncode == 1 and f"chmod 600 {token}" in " ".join(refused.stderr.split())
    os.chmod(token, 0o600)
    assert tiejun(home, "whoami").returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_token_of_another_user_is_refused(home, company, invited):
    enrol(home, company, invited[1])
    token = next(path for path in state_files(home) if "/tokens/" in path)
    os.chown(token, 12345, -1)
    refused = tiejun(home, "whoami")
    assert refused.returncode == 1 and "another user" in refused.stderr


def test_a_wrong_password_leaves_nothing_behind(home, company, invited):
    handle, code = invited
    enrol(home, company, code)
    assert tiejun(home, "logout").returncode == 0
    done = tiejun(home, "login", "--person", handle, secrets=["not this one"])
    assert done.returncode == 1 and "do not belong together" in done.stderr
    assert not [path for path in state_files(home) if "/tokens/" in path]


def test_logout_ends_the_token_and_login_brings_a_new_one(home, company, invited):
    handle, code = invited
    enrol(home, company, code)
    token = next(path for path in state_files(home) if "/tokens/" in path)
    before = open(token).read()
    assert tiejun(home, "logout").returncode == 0
    again = tiejun(home, "whoami")
    assert again.returncode == 1 and "tiejun login" in again.stderr
    # The daemon is the one of the last login.
    done = tiejun(home, "login", "--person", handle, secrets=[PASSWORD])
    assert done.returncode == 0, done.stderr
    assert open(token).read() != before
    assert handle in tiejun(home, "whoami").stdout


def test_whoever_is_logged_in_is_told_so(home, company, invited):
    handle, code = invited
    enrol(home, company, code)
    done = tiejun(home, "login", "--person", handle, secrets=[PASSWORD])
    assert done.returncode == 1 and handle in done.stderr and "tiejun logout" in done.stderr


def test_devices_are_listed_and_ended_by_number(home, company, invited, tmp_path):
    handle, code = invited
    enrol(home, company, code)
    other = {**home, "XDG_STATE_HOME": str(tmp_path / "other")}
    done = tiejun(other, "login", "--server", company.daemon.address, "--person", handle,
                  "--name", "lost one", secrets=[PASSWORD])
    assert done.returncode == 0, done.stderr
    rows = tiejun(home, "device", "list").stdout.splitlines()
    lost = next(row for row in rows if "lost one" in row)
    assert sum("this one" in row for row in rows) == 1 and "this one" not in lost
    ended = tiejun(home, "device", "revoke", lost.split()[0])
    assert ended.returncode == 0 and handle in ended.stdout
    refused = tiejun(other, "whoami")
    assert refused.returncode == 1 and "tiejun login" in refused.stderr
    assert tiejun(home, "whoami").returncode == 0
    # The token that is of no use gives way.
    again = tiejun(other, "login", "--server", company.daemon.address, "--person", handle,
                   secrets=[PASSWORD])
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("arguments", [(), ("x",), ("0",), ("7", "--all"), ("-1",)], ids=str)
def test_revoke_wants_a_number_or_all(home, arguments):
    assert tiejun(home, "device", "revoke", *arguments).returncode == 2


def test_the_password_is_changed(home, company, invited):
    handle, code = invited
    enrol(home, company, code)
    assert tiejun(home, "password", secrets=["wrong", "a new one entirely"]).returncode == 1
    done = tiejun(home, "password", secrets=[PASSWORD, "a new one entirely"])
    assert done.returncode == 0, done.stderr
    assert tiejun(home, "logout").returncode == 0
    done = tiejun(home, "login", "--person", handle, secrets=["a new one entirely"])
    assert done.returncode == 0, done.stderr


def test_facts_that_wait_are_not_left_behind(home, company, invited):
    """Logged while the daemon is away: logout would lose them, a new token takes them along."""
    handle, code = invited
    enrol(home, company, code)
    away = {"TIEJUN_SERVER": "127.0.0.1:1"}
    token = next(path for path in state_files(home) if "/tokens/" in path)
    saved = tiejun(home, "log", "visit", f"customer of {handle}", TIEJUN_TOKEN_FILE=token, **away)
    assert saved.returncode == 3, saved.stderr
    refused = tiejun(home, "logout")
    assert refused.returncode == 1 and "tiejun sync flush" in refused.stderr
    with company.daemon.client(bytes.fromhex(open(token).readline().strip())) as client:
        client.call("DeviceService.Revoke", all_devices=True)
    done = tiejun(home, "login", "--person", handle, secrets=[PASSWORD])
    assert done.returncode == 0, done.stderr
    flushed = tiejun(home, "sync", "flush")
    assert flushed.returncode == 0, flushed.stderr
    assert re.search(r"\b1\b", flushed.stdout)


def test_after_a_login_the_agent_works_without_a_word(home, company, invited):
    """Which daemon and whose token: as plain commands find them."""
    handle, code = invited
    enrol(home, company, code)
    token = next(path for path in state_files(home) if "/tokens/" in path)
    saved = tiejun(home, "log", "visit", f"customer of {handle}", TIEJUN_TOKEN_FILE=token,
                   TIEJUN_SERVER="127.0.0.1:1")
    assert saved.returncode == 3, saved.stderr
    agent = subprocess.Popen([BUILD / "tiejun-agent"], env=home, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: json.loads(tiejun(home, "sync", "status", "--json").stdout)["waiting"]
                   == "0", "the agent sends it")
    finally:
        agent.terminate()
        assert agent.wait(timeout=PATIENCE) == 0


def test_an_invitation_says_what_to_do(company, invited):
    handle, _ = invited
    shown = company.cli("person", "invite", handle).stdout
    assert re.search(r"\b\w{5}-\w{5}-\w{5}-\w{5}\b", shown)
    assert f"tiejun enrol --server {company.daemon.address}" in " ".join(shown.split())


def test_an_invitation_in_chinese(company, invited):
    shown = company.cli("person", "invite", invited[0], lang="zh_CN.UTF-8").stdout
    assert "邀请码" in shown and "tiejun enrol" in shown


