"""Clients, limits and databases at their worst moments: whoever kept to the rules is answered."""

import os
import pathlib
import random
import re
import resource
import signal
import socket
import ssl
import subprocess
import threading
import time
from typing import NamedTuple

import pytest

from client import Client, Closed, Refused, Wire, delimited, trusting
from company import uuid7
from contract import frame
from daemon import TIEJUND, Daemon, processes_with, wait_until
from psql import command, psql
from test_two_daemons import settings

DAY = "2026-01-05"
# Of a socket whose other end has said its last word (linux/include/net/tcp_states.h).
CLOSE_WAIT = 8


@pytest.fixture(scope="module")
def frail(spare):
    """A daemon of this module's own, with a rep who has worked since 2024."""
    it = spare()
    it.start()
    with it.client() as client:
        client.call("OrgService.Import", rows=[
            {"line": 1, "unit": "/West/West 1", "kinds": "office/team", "handle": "rep",
             "name": "Rep", "from_date": "2024-01-01"}])
    yield it
    forget_log(it)


def forget_log(daemon):
    """Errors in it were of the test's own making; findings of sanitizers never are."""
    assert [line for line in daemon.errors() if " error " not in line[:32]] == []
    daemon.log_file.write_text("")
    daemon.log_mark = 0


def request_bytes(number, method):
    request = frame.Request(id=number, method=method)
    return delimited(frame.ClientFrame(request=request).SerializeToString())


def tiny(number):
    """A request of a few bytes, refused at once."""
    return request_bytes(number, "x")


def long_winded(number):
    """A request whose refusal is about as long as itself, and comes at once."""
    return request_bytes(number, "x" * 15_000)


def ids_until_closed(client):
    found = []
    try:
        while True:
            found.append(client.receive_frame().response.id)
    except Closed:
        return found


def in_background(target, *arguments):
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


class Queue(NamedTuple):
    """One end of a connection as the kernel has it: bytes on their way out, and such that nobody has
    read."""
    state: int
    unsent: int
    unread: int
    inode: str


def queue(own_port, other_port):
    """None for an end that is gone."""
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, own, other, state, queues, _, _, _, _, inode, *_ = line.split()
        if (int(own.split(":")[1], 16), int(other.split(":")[1], 16)) == (own_port, other_port):
            return Queue(int(state, 16), *(int(it, 16) for it in queues.split(":")), inode)
    return None


def own_end(client):
    return queue(client.socket.getsockname()[1], client.socket.getpeername()[1])


def daemons_end(client):
    return queue(client.socket.getpeername()[1], client.socket.getsockname()[1])


def await_unread_answers(client):
    wait_until(lambda: daemons_end(client).unsent > 0, "answers wait for the client")


def await_taken(client):
    wait_until(lambda: own_end(client).unsent == 0 and daemons_end(client).unread == 0,
               "the daemon has read all")


# A client that has said its last word.


def test_end_right_behind_many_requests(daemon):
    """Frames that lie in the daemon when the end comes are no frame that was cut off."""
    count = 5000
    with daemon.client() as client:
        data = b"".join(tiny(n + 1) for n in range(count))
        sender = in_background(lambda: (client.send_bytes(data), client.end()))
        assert ids_until_closed(client) == list(range(1, count + 1))
        sender.join()


def test_many_ends_at_once(daemon):
    clients = [daemon.client() for _ in range(100)]
    data = b"".join(tiny(n + 1) for n in range(60))
    for client in clients:
        client.send_bytes(data)
        client.end()
    for client in clients:
        assert ids_until_closed(client) == list(range(1, 61))
        client.close()


def test_end_before_the_answers_were_read(daemon):
    """What waits in the daemon for a slow reader is not thrown away with its end."""
    with daemon.client() as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.send_bytes(b"".join(long_winded(n + 1) for n in range(100)))
        await_unread_answers(client)
        client.end()
        wait_until(lambda: daemons_end(client).state == CLOSE_WAIT or own_end(client).unsent > 0,
                   "the end has come as far as the daemon reads")
        assert ids_until_closed(client) == list(range(1, 101))


def test_answers_that_nobody_takes_are_bounded_in_sum(company, daemon):
    """One client asks for 40 MB and reads nothing before it is told to."""
    facts = [{"id": uuid7(), "kind": "FACT_KIND_MATERIAL", "person": company.handle("n1.1"),
              "date": "2026-03-02", "customer": "Somebody", "note": "x" * 900}
             for _ in range(1000)]
    with daemon.client() as client:
        client.call("FactService.Log", facts=facts)
        numbers = [client.send("FactService.List", unit=company.region, page_size=1000,
                               from_date="2026-03-02", to_date="2026-03-02") for _ in range(40)]
        wait_until(lambda: "refused: answers_waiting" in daemon.log(), "the bound is reached")
        outcomes = set()
        for number in numbers:
            try:
                outcomes.add(len(client.take(number).facts))
            except Refused as error:
                outcomes.add((error.status, error.code))
    assert outcomes == {1000, ("BUSY", "answers_waiting")}


def test_a_list_without_end_is_refused_by_its_limit(daemon):
    with daemon.client() as client:
        with pytest.raises(Refused) as refused:
            client.call("FactService.Log", facts=[{}] * 60000)
        assert (refused.value.status, refused.value.field) == ("INVALID", "facts")
        assert "60000" in refused.value.message and "20000" in refused.value.message


def test_refusal_reaches_who_keeps_sending(daemon):
    """Bytes behind the fault do not reset the connection before its answers were read."""
    for _ in range(20):
        with daemon.client() as client:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            data = b"".join(long_winded(n + 1) for n in range(60))
            client.send_bytes(data + b"\xff" * 6)
            sender = in_background(lambda: client.send_bytes(b"\xff" * 100_000))
            await_unread_answers(client)
            assert ids_until_closed(client) == [*range(1, 61), 0]
            sender.join()


# Coming and going.


def test_gone_in_the_middle_of_login(daemon):
    hello = delimited(frame.ClientFrame(hello=frame.Hello(
        major=1, client="tests", locale="en", device_token=daemon.token())).SerializeToString())
    for n in range(3000):
        wire = Wire(daemon.address)
        wire.send_bytes(hello[:n % (len(hello) + 1)] if n % 2 else hello)
        if n % 3 == 0:
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wire.close()
    with daemon.client() as client:
        assert client.call("SessionService.WhoAmI").person == "director"


def test_gone_with_requests_under_way(daemon):
    for n in range(200):
        client = daemon.client()
        for _ in range(random.randrange(80)):
            client.send_bytes(long_winded(1))
        if n % 2:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()


def processor_seconds(daemon):
    """What the daemon has used, as the scheduler counts it."""
    return int(pathlib.Path(f"/proc/{daemon.process.pid}/schedstat").read_text().split()[0]) / 1e9


def has_socket(daemon, inode):
    listed = subprocess.run(["ls", "-l", f"/proc/{daemon.process.pid}/fd"], text=True,
                            capture_output=True)
    return f"socket:[{inode}]" in listed.stdout


def test_who_ends_and_takes_no_answer_is_let_go(frail):
    """A write that fails behind a client's end is not tried again until a deadline."""
    used = processor_seconds(frail)
    for _ in range(3):
        client = frail.client()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for number in range(200):
            client.send_bytes(long_winded(number))
        await_unread_answers(client)
        client.end()
        wait_until(lambda: daemons_end(client).state == CLOSE_WAIT, "its end was heard")
        inode = daemons_end(client).inode
        assert has_socket(frail, inode)
        client.close()
        wait_until(lambda: not has_socket(frail, inode), "it is let go")
    assert processor_seconds(frail) - used < 2


def test_damaged_frames_of_someone_known(daemon):
    """Any bit of a good conversation may be wrong."""
    chance = random.Random(5)
    with daemon.client() as model:
        whole = [model.prepare("OrgService.Import", rows=[
                     {"line": 1, "unit": "/x", "handle": "y", "from_date": DAY}])[1],
                 model.prepare("FactService.Log", facts=[{"id": uuid7(), "date": DAY}])[1]]
    for _ in range(300):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(2, len(data))] ^= 1 << chance.randrange(8)
        with daemon.client() as client:
            client.send_bytes(bytes(data))
            client.end()
            ids_until_closed(client)


# Stopping.


def test_sigterm_while_a_slow_reader_goes_on_sending(frail):
    """What is counted was said to be, however late the client reads and whatever it still sends."""
    day = "2026-01-06"
    client = frail.client()
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    client.send_bytes(b"".join(long_winded(n + 10_000) for n in range(90)))
    facts = {}
    data = b""
    for _ in range(60):
        fact = {"id": uuid7(), "kind": "FACT_KIND_VISIT", "person": "rep", "date": day,
                "customer": "Somebody"}
        number, more = client.prepare("FactService.Log", facts=[fact])
        facts[number] = fact["id"]
        data += more
    client.send_bytes(data)

    def send_on():
        try:
            while True:
                client.send_bytes(tiny(1_000_000) * 100)
        except OSError:
            pass

    in_background(send_on)
    await_unread_answers(client)
    frail.process.send_signal(signal.SIGTERM)
    wait_until(lambda: "stopping on signal" in frail.log(), "it is about to end")
    answered = ids_until_closed(client)
    assert frail.kill(0) == 0
    client.close()
    frail.start()
    with frail.client() as other:
        kept = {fact.id for fact in other.pages("FactService.List", "facts", unit="/",
                                                from_date=day, to_date=day, page_size=1000)}
    assert kept == {facts[n] for n in answered if n in facts}


def test_sigterm_with_clients_that_never_read(frail):
    """They do not hold it up for longer than is fair."""
    clients = [frail.client() for _ in range(5)]
    for client in clients:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.socket.settimeout(0.3)
        try:
            client.send_bytes(b"".join(long_winded(n + 1) for n in range(2000)))
        except TimeoutError:
            pass
    start = time.monotonic()
    assert frail.stop() == 0
    assert time.monotonic() - start < 15
    for client in clients:
        client.close()
    frail.start()


# The database.


def status_of(client):
    try:
        client.call("OrgService.Show")
        return "OK"
    except Refused as error:
        return error.status


def serves(daemon):
    """Whether a new client is let in and answered."""
    try:
        with daemon.client(timeout=20) as client:
            return status_of(client) == "OK"
    except (Refused, Closed, OSError):
        return False


def test_database_away_is_said(frail):
    """Whoever asks while there is no database hears so, soon, and is served when it is back."""
    other = Daemon(home=frail.top, name="other",
                   config=settings(frail.top / "other.ini", frail))
    other.start()
    client = Client(other.address, frail.token(), timeout=20)
    assert status_of(client) == "OK"
    assert frail.stop() == 0
    assert status_of(client) == "UNAVAILABLE"
    with pytest.raises(Refused) as refusal:
        Client(other.address, frail.token(), timeout=20)
    assert refusal.value.status == "UNAVAILABLE"
    frail.start()
    wait_until(lambda: status_of(client) == "OK", "it is served again")
    client.close()
    assert other.stop() == 0


def test_postgresql_killed_with_a_statement_under_way(frail):
    """Its orphans hold the cluster for a while: starting it again is tried with patience."""
    busy = subprocess.Popen(
        [*command(frail.connection()), "-c", "SELECT count(*) FROM generate_series(1, 30000000) a"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: psql(frail, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                            " AND query LIKE '%30000000%' AND pid <> pg_backend_pid()") != "0\n",
               "the statement is under way")
    mark = len(frail.log())
    postmaster = int((frail.private / "postgresql/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: serves(frail), "it is served again")
    busy.kill()
    busy.wait()
    assert frail.log()[mark:].count("ended unasked") < 40
    forget_log(frail)


def test_second_daemon_takes_the_cluster_over(frail):
    """PostgreSQL belongs to the daemon that started it; when that one stops, the other starts it."""
    other = Daemon(home=frail.top, name="heir")
    other.start()
    assert frail.stop() == 0
    wait_until(lambda: serves(other), "the second daemon answers")
    assert other.stop() == 0
    wait_until(lambda: not processes_with(str(frail.private)), "PostgreSQL ends with it")
    frail.start()


def test_two_daemons_start_at_once(frail):
    """One of them starts PostgreSQL, both serve."""
    frail.stop()
    other = Daemon(home=frail.top, name="twin")
    twin = threading.Thread(target=other.start)
    twin.start()
    frail.start()
    twin.join()
    with frail.client() as one, other.client() as two:
        assert status_of(one) == status_of(two) == "OK"
    assert other.stop() == 0
    wait_until(lambda: serves(frail), "the other one starts PostgreSQL again where needed")


def test_migrate_under_load(frail):
    """Functions are made anew while they are in use: at worst somebody has to try again."""
    stop = threading.Event()
    seen = set()

    def ask():
        with frail.client() as client:
            while not stop.is_set():
                seen.add(status_of(client))

    threads = [in_background(ask) for _ in range(4)]
    try:
        for _ in range(5):
            psql(frail, "UPDATE tiejun.migration SET hash = '' WHERE name = 'functions'")
            migrated = frail.run("migrate")
            assert migrated.returncode == 0, migrated.stderr
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert "OK" in seen and seen <= {"OK", "BUSY"}


def test_older_daemon_leaves_a_newer_database_alone(frail):
    """It would put its own functions over tables that it does not know."""
    newer = "'migrations/9999_newer.sql'"
    functions = "SELECT hash, applied_at FROM tiejun.migration WHERE name = 'functions'"
    before = psql(frail, functions)
    psql(frail, f"INSERT INTO tiejun.migration (name, hash) VALUES ({newer}, '')")
    answer = frail.run("migrate")
    psql(frail, f"DELETE FROM tiejun.migration WHERE name = {newer}")
    assert answer.returncode == 1 and "9999_newer.sql" in answer.stderr
    assert psql(frail, functions) == before


# Descriptors.


def test_out_of_descriptors(frail):
    """With few of them it refuses clients, never itself: the database is still reached."""
    assert frail.stop() == 0
    with open(frail.log_file, "ab") as log:
        frail.process = subprocess.Popen(
            [TIEJUND, "--private", frail.private, "--listen", "127.0.0.1:0", "serve"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    frail.await_address()
    with frail.client() as client:
        crowd = [Wire(frail.address, shake_hands=False) for _ in range(150)]
        psql(frail, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'tiejun_daemon'")
        wait_until(lambda: status_of(client) == "OK", "the database is reached again", 20)
        for wire in crowd:
            wire.close()
    wait_until(lambda: serves(frail), "a new client is let in", 20)
    frail.stop()
    forget_log(frail)
    frail.start()


# Before anybody has said who he is.


@pytest.fixture
def strict(frail, request):
    """Makes a daemon with limits that a test can reach: few strangers, short times."""
    its_own = []

    def make(*arguments, **limits):
        name = request.node.name.replace("[", "-").replace("]", "").replace(" ", "-")
        config = settings(frail.top / f"{name}.ini", frail)
        config.write_text(config.read_text() + "[limits]\n" + "".join(
            f"{name} = {value}\n" for name, value in limits.items()))
        it = Daemon(home=frail.top, name=name, config=config)
        its_own.append(it)
        return it.start(*arguments)

    yield make
    for it in its_own:
        assert it.stop() == 0
        assert it.errors() == []


def is_cut(wire):
    """Whether the daemon ends it, without anything being said any more; waits for it."""
    try:
        while wire.socket.recv(1 << 16):
            pass
    except ConnectionError:
        pass
    return True


def half_a_handshake():
    """What a client says first, and the start of it."""
    outgoing = ssl.MemoryBIO()
    tls = trusting(None).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def test_a_crowd_of_silent_ones_keeps_nobody_out(strict):
    """The oldest gives his place to who comes; who has logged in keeps his."""
    it = strict(strangers_of_address=20, strangers=40)
    with it.client() as known:
        crowd = [Wire(it.address) for _ in range(60)]
        with it.client() as newcomer:
            assert newcomer.call("SessionService.WhoAmI").person == "director"
        assert all(is_cut(wire) for wire in crowd[:41])
        assert known.call("SessionService.WhoAmI").person == "director"
    assert "of its address" in it.log()
    for wire in crowd:
        wire.close()


def test_a_crowd_from_many_addresses(strict):
    it = strict(strangers_of_address=20, strangers=40)
    crowd = [Wire(it.address, source=f"127.0.1.{n % 10 + 1}") for n in range(100)]
    with it.client() as newcomer:
        assert newcomer.call("SessionService.WhoAmI").person == "director"
    assert all(is_cut(wire) for wire in crowd[:60])
    assert "too many that have not logged in" in it.log()
    for wire in crowd:
        wire.close()


def test_ipv4_addresses_are_told_apart_by_a_listener_on_ipv6(strict):
    """[::] takes both; a crowd from one address is cut before it takes the others' places."""
    it = strict("--listen", "[::]:0", strangers_of_address=5, strangers=40)
    address = f"127.0.0.1:{it.address.rpartition(':')[2]}"
    with Wire(address, source="127.0.2.1", shake_hands=False) as honest:
        crowd = [Wire(address, source="127.0.2.2", shake_hands=False) for _ in range(10)]
        assert all(is_cut(wire) for wire in crowd[:5])
        honest.socket.sendall(half_a_handshake())
        assert honest.socket.recv(1), "it is answered still"
    for wire in crowd:
        wire.close()


@pytest.mark.parametrize("words", [b"", half_a_handshake()[:50], half_a_handshake()],
                         ids=["nothing", "half a greeting", "half a handshake"])
def test_handshakes_that_stop_halfway_are_cut(strict, words):
    it = strict(login_seconds=1)
    with Wire(it.address, shake_hands=False) as wire:
        wire.socket.sendall(words)
        assert is_cut(wire)
    wait_until(lambda: "no TLS handshake: not in time" in it.log(), "it is in the log")


def test_who_logs_in_byte_by_byte_is_cut(strict):
    """The time is for all of it: a byte now and then buys no more."""
    it = strict(login_seconds=1)
    with Wire(it.address) as wire:
        cut = threading.Event()
        # A frame of 4,000 bytes.
        data = b"\xa0\x1f" + bytes(4000)

        def drip():
            try:
                for byte in data:
                    wire.send_bytes(bytes([byte]))
                    if cut.wait(0.1):
                        return
            except OSError:
                pass

        thread = in_background(drip)
        assert is_cut(wire)
        cut.set()
        thread.join()
    wait_until(lambda: "did not log in in time" in it.log(), "it is in the log")


def test_a_frame_that_never_ends_is_cut(strict):
    """Known or not: whoever begins a frame sends its rest in time."""
    it = strict(bytes_per_second=1 << 20)
    with it.client() as slow, it.client() as good:
        _, data = slow.prepare("OrgService.Show", unit="x" * 4000)
        slow.send_bytes(data[:100])
        assert is_cut(slow)
        assert good.call("SessionService.WhoAmI").person == "director"
    assert "sends too slowly" in it.log()


def test_a_frame_that_comes_in_pieces_is_taken(strict):
    it = strict()
    with it.client() as client:
        _, data = client.prepare("SessionService.WhoAmI")
        for start in range(0, len(data), 5):
            client.send_bytes(data[start:start + 5])
            await_taken(client)
        assert client.take(1).person == "director"


def test_a_flood_of_refusals_does_not_flood_the_log(strict):
    it = strict()
    for _ in range(300):
        with Wire(it.address, shake_hands=False) as wire:
            wire.socket.sendall(b"nonsense" * 10)
            is_cut(wire)
    assert sum("no TLS handshake: " in line for line in it.log().splitlines()) <= 10
    said = r"no TLS handshake: (\d+) more within 10 s; 300 in all"
    wait_until(lambda: re.search(said, it.log()), "their number is said")


def test_mixed_abuse_ends_nobody_elses_connection(strict):
    """Silent ones, halves, garbage before and behind the handshake, frames that are too long."""
    it = strict(login_seconds=3)
    chance = random.Random(7)
    greeting = half_a_handshake()
    with it.client() as honest:
        crowd = []
        for n in range(200):
            kind = n % 5
            wire = Wire(it.address, shake_hands=kind >= 3)
            crowd.append(wire)
            try:
                if kind == 1:
                    wire.socket.sendall(greeting)
                if kind == 2:
                    wire.socket.sendall(chance.randbytes(2000))
                if kind == 3:
                    wire.socket.sendall(chance.randbytes(2000))
                if kind == 4:
                    wire.send_bytes(b"\xff\xff\xff\x7f" + bytes(8000))
            except ConnectionError:
                pass
            assert honest.call("SessionService.WhoAmI").person == "director"
        assert all(is_cut(wire) for wire in crowd)
        assert honest.call("SessionService.WhoAmI").person == "director"
    for wire in crowd:
        wire.close()
