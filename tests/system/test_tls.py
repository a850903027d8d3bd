"""TLS on every connection: what the daemon shows, whom a client believes, who is let in."""

import errno
import hashlib
import itertools
import os
import pathlib
import pty
import re
import shutil
import socket
import ssl
import stat
import subprocess
import tempfile
import threading

import pytest

from client import Client, Closed, Wire, trusting
from daemon import (TIEJUN, Daemon, authorities, cli_environment, run_cli, run_tiejund,
                    wait_until)
from test_two_daemons import settings

DIRECTOR = "director"
NUMBERS = itertools.count()


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, text=True,
                          capture_output=True).stdout


def fingerprint(daemon):
    with Wire(daemon.address, tls=careless()) as wire:
        return ssl_fingerprint(wire)


def ssl_fingerprint(wire):
    return hashlib.sha256(wire.tls.getpeercert(True)).hexdigest()


def careless():
    """TLS that takes every server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.fixture
def device(daemon, tmp_path):
    """A user's computer with no CA of the daemon's, and nobody before it."""
    it = Device(daemon, tmp_path / "state")
    yield it


class Device:
    def __init__(self, daemon, state):
        self.daemon = daemon
        self.state = state
        self.known_servers = state / "tiejun/known_servers"

    def whoami(self, *arguments, address=None, **environment):
        return run_cli(address or self.daemon.address, self.daemon.token_file, "whoami", *arguments,
                       XDG_STATE_HOME=str(self.state), **{"TIEJUN_CA": "", **environment})


def assert_refused(shown, *words):
    assert (shown.returncode, shown.stdout) == (1, ""), shown.stderr
    assert all(word in shown.stderr for word in words), shown.stderr


# What is spoken.


@pytest.mark.parametrize("version", ["TLSv1_2"])
def test_older_versions_are_not_spoken(daemon, version):
    context = careless()
    context.maximum_version = getattr(ssl.TLSVersion, version)
    with pytest.raises((ssl.SSLError, Closed)):
        Wire(daemon.address, tls=context)


def test_plain_bytes_are_no_handshake(daemon):
    """Neither answered nor held against anybody else."""
    for data in (b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\xff" * 5000, b"\x16\x03\x01\xff\xff"):
        with Wire(daemon.address, shake_hands=False) as wire:
            try:
                wire.socket.sendall(data)
                wire.socket.shutdown(socket.SHUT_WR)
                # At most an alert.
                assert len(wire.socket.recv(1 << 16)) <= 7
            except OSError as error:
                assert error.errno in (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN)
    with daemon.client() as client:
        assert client.call("SessionService.WhoAmI").person == DIRECTOR


def test_garbage_behind_the_handshake_ends_that_connection_alone(daemon):
    with daemon.client() as good, daemon.client() as bad:
        bad.socket.sendall(os.urandom(3000))
        with pytest.raises((Closed, ssl.SSLError)):
            bad.receive_frame()
        assert good.call("SessionService.WhoAmI").person == DIRECTOR


def test_an_end_without_farewell_still_gets_its_answers(daemon):
    """A client that closes its socket without TLS's own goodbye."""
    with daemon.client() as client:
        numbers = [client.send("OrgService.Show") for _ in range(30)]
        client.socket.shutdown(socket.SHUT_WR)
        for number in numbers:
            assert client.take(number).units
        assert client.is_closed()


def test_the_daemon_says_goodbye(spare):
    """Its end is TLS's own, so that nobody can cut it short unseen."""
    it = spare()
    it.start()
    client = it.client()
    assert it.stop() == 0
    with pytest.raises(Closed):
        client._more()
    assert client.farewell
    client.close()


# Certificates.


def test_names_of_the_certificate(spare):
    it = spare(init=False)
    made = it.init(host="tiejun.example,192.0.2.7")
    assert made.returncode == 0, made.stderr
    text = openssl("x509", "-in", it.ca().parent / "server.pem", "-noout", "-text")
    for name in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1",
                 f"DNS:{socket.gethostname()}", "DNS:tiejun.example", "IP Address:192.0.2.7"):
        assert name in text
    assert "id-ecPublicKey" in text and "TLS Web Server Authentication" in text
    digest = openssl("x509", "-in", it.ca().parent / "server.pem", "-noout", "-fingerprint",
                     "-sha256").split("=")[1].strip().replace(":", "").lower()
    assert digest in made.stdout and str(it.ca()) in made.stdout


def test_keys_are_for_their_owner_alone(daemon):
    folder = daemon.ca().parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {
        "ca.key", "ca.pem", "server.key", "server.pem"}
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_company_without_certificates_gets_them_at_the_start(spare):
    it = spare()
    for path in it.ca().parent.iterdir():
        path.unlink()
    it.start()
    with it.client() as client:
        assert client.welcome.person == DIRECTOR


def test_a_renewed_certificate_keeps_its_names_and_its_ca(spare):
    it = spare(init=False)
    assert it.init(host="old.example").returncode == 0
    ca = it.ca().read_text()
    before = (it.ca().parent / "server.pem").read_text()
    renewed = it.run("certificate", "--host", "new.example")
    assert renewed.returncode == 0 and "fingerprint" in renewed.stdout, renewed.stderr
    assert it.ca().read_text() == ca
    assert (it.ca().parent / "server.pem").read_text() != before
    text = openssl("x509", "-in", it.ca().parent / "server.pem", "-noout", "-text")
    assert "DNS:old.example" in text and "DNS:new.example" in text
    it.start()
    with it.client() as client:
        assert client.welcome.person == DIRECTOR


def test_names_that_come_too_late_are_not_swallowed(spare):
    """The certificate stays as it is, and what adds a name is said."""
    it = spare(init=False)
    first = it.init(host="first.example,2001:db8:0::7,*.first.example", time_zone="Nowhere/There")
    assert first.returncode == 1 and "warning" not in first.stderr
    before = (it.ca().parent / "server.pem").read_text()
    again = it.init(host="FIRST.example,2001:db8::7,*.first.example,localhost,late.example,"
                         "192.0.2.9")
    told = [line for line in again.stderr.splitlines() if " warning " in line]
    assert [line.split("--host ")[1] for line in told] == ["late.example", "192.0.2.9"]
    assert again.returncode == 0 and (it.ca().parent / "server.pem").read_text() == before


@pytest.mark.parametrize("host", ["two words", "", "a..b", "-x", "x" * 300])
def test_a_host_that_is_none(spare, host):
    it = spare(init=False)
    refused = it.init(host=host)
    assert refused.returncode == 1 and "--host" in refused.stderr
    assert not it.token_file.exists()


# Somebody else's certificates.


@pytest.fixture(scope="module")
def foreign():
    """A CA that is not ours, a server's certificate of it, one that is out of date, a client's."""
    # The daemon reads there as a user of its own.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tj."))
    folder.chmod(0o755)

    def issue(name, *more, ca=("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key")):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out",
                folder / f"{name}.pem", *ca, *more)
        (folder / f"{name}.key").chmod(0o644)

    issue("ca", ca=())
    issue("server", "-addext", "subjectAltName=IP:127.0.0.1")
    issue("elsewhere", "-addext", "subjectAltName=DNS:elsewhere.example")
    issue("client", "-addext", "basicConstraints=critical,CA:FALSE")
    issue("stranger", ca=())
    issue("old", ca=())
    # Only when it is signed once more a certificate may be over before it begins.
    openssl("x509", "-in", folder / "old.pem", "-signkey", folder / "old.key", "-days", "-1", "-out",
            folder / "old.pem")
    yield folder
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def with_tls(path, daemon, text):
    settings(path, daemon)
    path.write_text(path.read_text() + text)
    return path


@pytest.fixture
def other(daemon):
    """Further daemons on the session's cluster, by settings, each with a folder of its own."""
    made = []

    def make(text, start=True):
        name = f"tls-{next(NUMBERS)}"
        (daemon.top / name).mkdir()
        config = with_tls(daemon.top / name / "tiejund.ini", daemon, text)
        it = Daemon(home=daemon.top, name=name, config=config)
        made.append(it)
        return it.start() if start else it

    yield make
    for it in made:
        if it.process:
            assert it.stop() == 0


def test_a_certificate_that_was_brought_along(daemon, other, foreign):
    it = other(f"[tls]\ncertificate = {foreign}/server.pem\nkey = {foreign}/server.key\n")
    with Client(it.address, daemon.token(), tls=trusting(foreign / "ca.pem")) as client:
        assert client.welcome.person == DIRECTOR
    shown = run_cli(it.address, daemon.token_file, "whoami", TIEJUN_CA=f"{foreign}/ca.pem")
    assert shown.returncode == 0, shown.stderr
    assert it.run("certificate").returncode == 1
    assert not it.ca().exists()


@pytest.mark.parametrize("certificate, key, words", [
    ("nowhere.pem", "server.key", ["nowhere.pem", "No such file"]),
    ("server.pem", "nowhere.key", ["nowhere.key", "No such file"]),
    ("server.pem", "ca.key", ["ca.key", "another certificate"]),
    ("server.key", "server.key", ["server.key", "no certificate"]),
    ("server.pem", "server.pem", ["server.pem", "no key"]),
    ("old.pem", "old.key", ["old.pem", "expired"]),
])
def test_certificates_that_will_not_do(other, foreign, certificate, key, words):
    """One line that names the file, and no start."""
    it = other(f"[tls]\ncertificate = {foreign}/{certificate}\nkey = {foreign}/{key}\n",
               start=False)
    answer = it.run("serve")
    assert answer.returncode == 1
    line, = [line for line in answer.stderr.splitlines() if " error " in line]
    assert all(word in line for word in words), line


def test_certificate_without_key(other, foreign):
    it = other(f"[tls]\ncertificate = {foreign}/server.pem\n", start=False)
    answer = it.run("serve")
    assert answer.returncode == 2 and "key" in answer.stderr


# Several listeners, and clients' certificates.


def addresses(daemon):
    return [line.split(" serving on ")[1] for line in daemon.log_since_start()
            if " serving on " in line]


def test_several_listeners(daemon, other, foreign):
    """Each with its own rule: mutual TLS on one, none on the others."""
    it = other(f"[listener outside]\nlisten = 127.0.0.1:0, 127.0.0.1:0\n"
               f"client_ca = {foreign}/ca.pem\n")
    wait_until(lambda: len(addresses(it)) == 3, "it listens on all three")
    inside, *outside = addresses(it)
    tls = trusting(it.ca())
    with Client(inside, daemon.token(), tls=tls) as client:
        assert client.welcome.person == DIRECTOR
    for address in outside:
        with pytest.raises((Closed, ssl.SSLError, ConnectionError)):
            Client(address, daemon.token(), tls=tls)
        known = trusting(it.ca())
        known.load_cert_chain(foreign / "client.pem", foreign / "client.key")
        with Client(address, daemon.token(), tls=known) as client:
            assert client.welcome.person == DIRECTOR
        strange = trusting(it.ca())
        strange.load_cert_chain(foreign / "stranger.pem", foreign / "stranger.key")
        with pytest.raises((Closed, ssl.SSLError, ConnectionError)):
            Client(address, daemon.token(), tls=strange)
    authorities[outside[0]] = it.ca()
    refused = run_cli(outside[0], daemon.token_file, "whoami")
    assert refused.returncode == 3 and "TIEJUN_CERTIFICATE" in refused.stderr, refused.stderr
    shown = run_cli(outside[0], daemon.token_file, "whoami",
                    TIEJUN_CERTIFICATE=str(foreign / "client.pem"),
                    TIEJUN_KEY=str(foreign / "client.key"))
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("text", ["[listener x]\nclient_ca = /nowhere\n",
                                  "[listener x]\nlisten = ,\n",
                                  "[daemon]\nlisten = , ,\n",
                                  "[listener x]\nlisten = 127.0.0.1\n",
                                  "[listener x]\nlisten = 127.0.0.1:0\nclient_ca = /nowhere\n"])
def test_a_listener_that_will_not_do(other, text):
    answer = other(text, start=False).run("serve")
    assert answer.returncode != 0
    line, = [line for line in answer.stderr.splitlines() if " error " in line]


# Whom a client believes.


def test_by_the_ca(device):
    shown = device.whoami("--ca", device.daemon.ca())
    assert shown.returncode == 0, shown.stderr
    assert not device.known_servers.exists()


def test_by_another_ca(device, foreign):
    shown = device.whoami(TIEJUN_CA=f"{foreign}/ca.pem")
    assert_refused(shown, device.daemon.address, "another CA")


def test_by_the_ca_but_for_another_name(device, other, foreign):
    """A certificate of the right CA for another host is another host's."""
    it = other(f"[tls]\ncertificate = {foreign}/elsewhere.pem\nkey = {foreign}/elsewhere.key\n")
    shown = device.whoami(TIEJUN_CA=f"{foreign}/ca.pem", address=it.address)
    assert_refused(shown, "not for this name", "--host 127.0.0.1")


def test_by_the_ca_and_a_host_name(device):
    port = device.daemon.address.split(":")[1]
    shown = device.whoami("--ca", device.daemon.ca(), address=f"localhost:{port}")
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("ca", ["/nowhere/ca.pem", "/dev/null"])
def test_a_ca_that_will_not_do(device, ca):
    assert_refused(device.whoami(TIEJUN_CA=ca), ca)


def test_an_unknown_server_is_refused_where_nobody_can_be_asked(device):
    shown = device.whoami()
    assert_refused(shown, device.daemon.address, fingerprint(device.daemon), "--fingerprint")
    assert not device.known_servers.exists()


def test_a_fingerprint_is_taken_once_and_remembered(device):
    digest = fingerprint(device.daemon).upper()
    colons = ":".join(re.findall("..", digest))
    assert device.whoami("--fingerprint", colons).returncode == 0
    assert device.whoami().returncode == 0
    assert stat.S_IMODE(device.known_servers.stat().st_mode) == 0o600
    assert stat.S_IMODE(device.known_servers.parent.stat().st_mode) == 0o700
    assert device.known_servers.read_text() == f"{device.daemon.address} {digest.lower()}\n"


@pytest.mark.parametrize("digest", ["0" * 64, "nonsense", "ab:cd"])
def test_a_wrong_fingerprint(device, digest):
    assert_refused(device.whoami(TIEJUN_FINGERPRINT=digest), "fingerprint")
    assert not device.known_servers.exists()


def test_another_certificate_than_before_is_refused_loudly(device):
    assert device.whoami(TIEJUN_FINGERPRINT=fingerprint(device.daemon)).returncode == 0
    device.known_servers.write_text(f"{device.daemon.address} {'1' * 64}\n")
    assert_refused(device.whoami(), "WARNING", "1" * 64, fingerprint(device.daemon),
                   str(device.known_servers))
    assert device.whoami(TIEJUN_FINGERPRINT=fingerprint(device.daemon)).returncode == 0
    assert device.whoami().returncode == 0


def test_other_servers_stay_known(device):
    device.known_servers.parent.mkdir(parents=True)
    kept = f"# mine\nelsewhere.example:7535 {'2' * 64}\n"
    device.known_servers.write_text(kept + f"{device.daemon.address} {'1' * 64}")
    digest = fingerprint(device.daemon)
    assert device.whoami(TIEJUN_FINGERPRINT=digest).returncode == 0
    assert device.known_servers.read_text() == kept + f"{device.daemon.address} {digest}\n"


@pytest.mark.parametrize("answers, code", [("yes\n", 0), ("no\n", 1), ("maybe\nyes\n", 0), ("", 1),
                                           ("y\ny\ny\n", 1)])
def test_a_person_is_asked_the_first_time(device, answers, code):
    """With a terminal at both ends."""
    shown = on_a_terminal(device, answers)
    assert shown.returncode == code, shown.stdout
    assert fingerprint(device.daemon) in shown.stdout
    assert device.known_servers.exists() == (code == 0)
    if code == 0:
        assert device.whoami().returncode == 0


def on_a_terminal(device, answers):
    own, its = pty.openpty()
    environment = cli_environment(device.daemon.address, device.daemon.token_file, "en_US.UTF-8",
                                  XDG_STATE_HOME=str(device.state), TIEJUN_CA="")
    process = subprocess.Popen([TIEJUN, "whoami"], stdin=its, stdout=its, stderr=its,
                               env=environment, close_fds=True)
    os.close(its)
    # An empty line at once is the end of input.
    os.write(own, answers.encode() or b"\x04")
    output = b""
    while True:
        try:
            data = os.read(own, 65536)
        except OSError:
            break
        if not data:
            break
        output += data
    os.close(own)
    return subprocess.CompletedProcess([], process.wait(60), output.decode(), "")


def test_a_server_without_tls(device):
    """What answers there is not taken for a daemon."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            client, _ = listener.accept()
            client.recv(4096)
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.close()

        threading.Thread(target=serve, daemon=True).start()
        shown = device.whoami(address="127.0.0.1:%d" % listener.getsockname()[1])
    assert shown.returncode == 3 and "TLS 1.3" in shown.stderr, shown.stderr


def test_help_says_whom_a_client_believes():
    shown = run_cli("127.0.0.1:1", "/nowhere", "--help")
    assert "TIEJUN_CA" in shown.stdout and "TIEJUN_FINGERPRINT" in shown.stdout
    assert run_tiejund("--help").stdout.count("--host") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_root_gives_away_no_folder_through_a_link(tmp_path):
    """The folder of certificates lies in one of the user's, who could put a link into its place."""
    roots = tmp_path / "roots"
    private = tmp_path / "private"
    for folder in (roots, private):
        folder.mkdir()
    shutil.chown(private, "postgres")
    (private / "tls").symlink_to(roots)
    for slash in ("", "/"):
        done = run_tiejund("--private", private, "--tls-folder", f"{private}/tls{slash}", "check")
        assert done.returncode == 1 and "no link" in done.stderr
    assert roots.stat().st_uid == 0
    (private / "tls").unlink()
    run_tiejund("--private", private, "check")
    assert (private / "tls").owner() == "postgres"
