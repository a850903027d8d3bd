"""tiejun-agent and pushes: shown once, where and when the settings say; and nobody waits for another."""

import contextlib
import datetime
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from client import delimited
from contract import frame
from daemon import TIEJUN, wait_until
from test_agent import Agent, Robot, robot  # noqa: F401
from test_outbox import NOWHERE, Device, device  # noqa: F401
from test_push import NUMBERS, without_noon  # noqa: F401

WEBHOOK = "[webhook one]\nform = wecom\nurl = {url}\n"


def give_goal(device, **fields):  # noqa: F811
    """Something to be told of; returns its target."""
    target = 1000 + next(NUMBERS)
    device.company.director.call(
        "GoalService.Set", person=device.company.handle(device.who), metric="visits",
        target=target, from_date="2033-01-01", to_date="2033-12-31", **fields)
    return target


def said():
    """What the robots were sent, in order."""
    return [body["text"]["content"] for _, _, body in Robot.got]


def heard_of(target):
    return any(f"{target:,}" in text for text in said())


@contextlib.contextmanager
def running(devices, folder, more="", **options):
    agent = Agent(devices, folder, more=more, **options)
    try:
        yield agent
    finally:
        if agent.process.poll() is None:
            assert agent.stop() == 0
        else:
            agent.notify.close()
        (folder / "notify").unlink()


def first(device, agent):  # noqa: F811
    """A first subscription begins with what is made from then on."""
    def told():
        give_goal(device)
        return said()
    wait_until(told, "the agent has subscribed")


def test_shown_once_over_restarts_and_none_is_missed(device, tmp_path, robot):  # noqa: F811
    settings = WEBHOOK.format(url=robot)
    with running([device], tmp_path, settings) as agent:
        first(device, agent)
        now = give_goal(device, reason="a good year")
        wait_until(lambda: heard_of(now), "it is shown")
        assert "a good year" in said()[-1]
        agent.process.send_signal(signal.SIGKILL)
        agent.process.wait()
    away = [give_goal(device) for _ in range(3)]
    with running([device], tmp_path, settings):
        wait_until(lambda: heard_of(away[-1]), "what was made while it was away")
        later = give_goal(device)
        wait_until(lambda: heard_of(later), "and what comes then")
    for target in (now, *away, later):
        assert len([text for text in said() if text.count(f"→ {target:,}")]) == 1, said()


def test_only_topics_that_the_settings_name(device, tmp_path, robot):  # noqa: F811
    """Of all notices, and of each robot; reminders are a topic of robots."""
    role = {"person": device.company.handle(device.who), "role": "ROLE_SUPERVISOR",
            "unit": device.company.unit("South")}
    days = (f"2033-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 28))

    def told():
        give_goal(device)
        day = next(days)
        device.company.director.call("PersonService.GrantRole", **role, from_date=day, to_date=day)
        return said()

    with running([device], tmp_path, "[notices]\ntopics = role\n" + WEBHOOK.format(url=robot)
                 + WEBHOOK.format(url=robot + "&two").replace("one", "two")
                 + "topics = reminder\n"):
        wait_until(told, "the role is shown")
    assert all("supervisor" in text for text in said())
    assert not any("two" in path for path, _, _ in Robot.got)


def test_quiet_hours(device, tmp_path, robot):  # noqa: F811
    with running([device], tmp_path, WEBHOOK.format(url=robot)) as agent:
        first(device, agent)
    before = len(said())
    # All day but one minute, which is far from now.
    far = datetime.datetime.now() + datetime.timedelta(hours=12)
    hours = f"{far + datetime.timedelta(minutes=1):%H:%M}-{far:%H:%M}"
    with running([device], tmp_path, f"[notices]\nquiet = {hours}\n" + WEBHOOK.format(url=robot)):
        quiet = give_goal(device)
        wait_until(lambda: f"{quiet:,}" in device.run("notice", "list", address=NOWHERE).stdout,
                   "it is kept")
        shown = len(said())
    with running([device], tmp_path, WEBHOOK.format(url=robot)):
        wait_until(lambda: heard_of(quiet), "it is shown afterwards")
    assert shown == before


def test_the_list_with_the_daemon_and_without(device, tmp_path, robot):  # noqa: F811
    target = give_goal(device, reason="more of it")
    online = device.run("notice", "list")
    assert online.returncode == 0 and f"New goal: visits {target:,}" in online.stdout, online.stdout
    assert device.run("notice", "list", address=NOWHERE).returncode == 3, "nothing is kept yet"
    with running([device], tmp_path, WEBHOOK.format(url=robot)) as agent:
        first(device, agent)
        known = give_goal(device)
        wait_until(lambda: heard_of(known), "it came")
    offline = device.run("notice", "list", address=NOWHERE)
    assert offline.returncode == 0 and f"→ {known:,}" in offline.stdout, offline.stdout
    assert "as of" in offline.stderr
    assert "There are no notices" in device.run("notice", "list", "--topic", "role").stdout
    for form in ([], ["--json"]):
        role = device.run("notice", "list", "--topic", "role", *form, address=NOWHERE)
        assert role.returncode == 0 and f"{known:,}" not in role.stdout + role.stderr
        assert str(known) not in role.stdout


def test_follow(device):  # noqa: F811
    follower = subprocess.Popen([TIEJUN, "notice", "follow"], text=True, stdout=subprocess.PIPE,
                                env=device.environment())
    printed = []
    reader = threading.Thread(
        target=lambda: printed.append([follower.stdout.readline() for _ in range(2)]))
    reader.start()

    def told():
        give_goal(device)
        return printed
    try:
        wait_until(told, "it is printed")
    finally:
        follower.kill()
        follower.wait()
        reader.join()
        follower.stdout.close()
    assert "goal" in printed[0][1].lower()


@pytest.fixture(params=["takes no connection", "says nothing"])
def hole(request):
    """An address behind which nothing answers."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0 if request.param == "takes no connection" else 128)
        if request.param == "takes no connection":
            for _ in range(4):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(listener.getsockname())
        yield "127.0.0.1:%d" % listener.getsockname()[1]


def test_a_server_that_does_not_answer_holds_nobody_up(device, tmp_path, robot, hole):  # noqa: F811
    """Many people of one that is silent, and one more: its facts and notices come through. One
    after another they would take minutes."""
    silent = "".join(f"[person silent.{i}]\ntoken_file = {tmp_path}/silent.{i}\nserver = {hole}\n"
                     for i in range(40))
    for i in range(40):
        (tmp_path / f"silent.{i}").touch(mode=0o600)
        (tmp_path / f"silent.{i}").write_text(f"{i:064x}\n")
    assert device.visit("Somebody", address=NOWHERE).returncode == 3
    with running([device], tmp_path, silent + WEBHOOK.format(url=robot)) as agent:
        wait_until(lambda: device.in_centre() == ["Somebody"], "its fact is sent")
        first(device, agent)


class Mute:
    """Greets who comes as a daemon does, lets them subscribe, and then neither speaks nor listens."""

    def __init__(self, ca):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(ca.parent / "server.pem", ca.parent / "server.key")
        self.open = []
        # Whom it has left with a question.
        self.left = []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(128)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.open.append(connection)
                threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection):
        with contextlib.suppress(OSError):
            line = self.tls.wrap_socket(connection, server_side=True)
            self.open.append(line)
            line.recv(1 << 16)
            self._say(line, welcome=frame.Welcome(major=1))
            asked = line.recv(1 << 16)
            # The id of a first request.
            self._say(line, response=frame.Response(id=1, status=frame.STATUS_OK))
            if b"Subscribe" in asked and line.recv(1):
                self.left.append(line)

    @staticmethod
    def _say(line, **what):
        line.sendall(delimited(frame.ServerFrame(**what).SerializeToString()))

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        for it in (self.listener, *self.open):
            it.close()


@pytest.fixture
def mute(company):
    it = Mute(company.daemon.ca())
    yield it
    it.close()


def test_a_daemon_that_falls_silent_holds_nobody_up(device, tmp_path, mute):  # noqa: F811
    """Many people have asked it something; the facts of one more come through."""
    silent = ""
    for i in range(12):
        (tmp_path / f"silent.{i}").touch(mode=0o600)
        (tmp_path / f"silent.{i}").write_text(f"{i:064x}\n")
        silent += f"[person silent.{i}]\ntoken_file = {tmp_path}/silent.{i}\nserver = {mute.address}\n"
    with running([device], tmp_path, silent):
        wait_until(lambda: len(mute.left) >= 12, "it leaves them without an answer")
        device.visit("Somebody", address=NOWHERE)
        wait_until(lambda: device.in_centre() == ["Somebody"], "its fact is sent")
