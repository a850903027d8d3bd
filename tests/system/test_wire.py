"""The wire under abuse: an error in words, at worst a closed connection, and nobody else feels it."""

import pathlib
import random
import socket
import threading
import time

import pytest
from google.protobuf.internal.encoder import _VarintBytes

import contract
from client import Client, Closed, Refused, Wire, delimited
from contract import frame
from daemon import SANITIZED

LIMIT_UNKNOWN = 4096
LIMIT_KNOWN = 1 << 20


@pytest.fixture
def stranger(daemon):
    """Connected, not logged in."""
    with Client(daemon.address) as it:
        yield it


@pytest.fixture
def known(daemon):
    with daemon.client() as it:
        yield it


@pytest.fixture(autouse=True)
def the_others_feel_nothing(daemon):
    """Each test runs beside a client that keeps its connection and gets its answers."""
    with daemon.client() as bystander:
        bystander.call("SessionService.WhoAmI")
        yield
        assert bystander.call("SessionService.WhoAmI").person == "director"
        with daemon.client() as newcomer:
            assert newcomer.call("SessionService.WhoAmI").person == "director"


def assert_ended(wire, status, code):
    """The connection's own fault: said in words with id 0, then the end."""
    response = wire.receive_frame().response
    assert response.id == 0
    assert frame.Status.Name(response.status) == "STATUS_" + status
    assert response.error.code == code
    assert response.error.message.endswith(".")
    assert wire.is_closed()


def hello(token, **fields):
    return frame.Hello(**{"major": 1, "client": "tests", "locale": "en", "device_token": token,
                          **fields})


@pytest.fixture(scope="module")
def silent(daemon):
    """A connection that never says who it is, since the beginning of this module."""
    with Wire(daemon.address) as it:
        it.since = time.monotonic()
        yield it


def test_connecting_without_a_word(silent):
    """It is let be for a while; test_silence_is_ended() comes back to it."""
    assert silent.since


# Frames that are none.


def test_frame_too_long_before_login(stranger):
    stranger.send_bytes(_VarintBytes(LIMIT_UNKNOWN + 1))
    assert_ended(stranger, "MALFORMED", "frame_too_long")


def test_frame_too_long_after_login(known):
    known.send_bytes(_VarintBytes(LIMIT_KNOWN + 1) + bytes(100))
    assert_ended(known, "MALFORMED", "frame_too_long")


def test_frame_as_long_as_is_allowed(known):
    """One byte less than too long is read, and what is wrong is the message."""
    request = frame.Request(id=7, method="tiejun.v1.SessionService.WhoAmI")
    size = len(frame.ClientFrame(request=request).SerializeToString())
    request.body = b"\x0a" + bytes(LIMIT_KNOWN - size - 12)
    body = frame.ClientFrame(request=request).SerializeToString()
    assert LIMIT_KNOWN - 16 < len(body) <= LIMIT_KNOWN
    known.send_bytes(delimited(body))
    response = known.receive_frame().response
    assert response.id == 7 and response.error.code == "message_malformed"
    assert known.call("SessionService.WhoAmI").person == "director"


@pytest.mark.parametrize("data", [b"\xff" * 5, b"\xff" * 64, b"\x80\x80\x80\x80\x80\x01"],
                         ids=bytes.hex)
def test_length_of_more_than_32_bits(stranger, data):
    stranger.send_bytes(data)
    assert_ended(stranger, "MALFORMED", "frame_malformed")


@pytest.mark.parametrize("data", [
    b"\x05\xff\xff\xff\xff\xff",
    delimited(b"\x0a\x7f\x01"),
    delimited(b"\x0b\x0c"),
    delimited(b"not protobuf at all, but text"),
], ids=bytes.hex)
def test_not_protobuf(stranger, data):
    stranger.send_bytes(data)
    assert_ended(stranger, "MALFORMED", "message_malformed")


def test_not_protobuf_after_login(known):
    known.send_bytes(delimited(b"\xff\xff\xff"))
    assert_ended(known, "MALFORMED", "message_malformed")


def test_http(stranger):
    """A browser's request is a length of 71 and garbage."""
    stranger.send_bytes(b"GET / HTTP/1.1\r\nHost: tiejun.example\r\nAccept: */*\r\n"
                        b"User-Agent: a browser/1.0\r\n\r\n")
    assert_ended(stranger, "MALFORMED", "message_malformed")


def test_empty_frame(stranger):
    stranger.send_bytes(b"\x00")
    assert_ended(stranger, "MALFORMED", "hello_missing")


@pytest.mark.parametrize("logged_in", [False, True])
def test_cut_off(daemon, logged_in):
    with Client(daemon.address, daemon.token() if logged_in else None) as client:
        client.send_bytes(_VarintBytes(100) + b"\x0a")
        client.end()
        assert_ended(client, "MALFORMED", "frame_cut_off")


def test_cut_off_within_the_length(stranger):
    stranger.send_bytes(b"\x80")
    stranger.end()
    assert_ended(stranger, "MALFORMED", "frame_cut_off")


def test_cut_off_by_reset(daemon, known):
    """A client that goes away with a reset in the middle of a frame, requests under way."""
    for _ in range(20):
        known.send("OrgService.Show")
    known.send_bytes(_VarintBytes(1000) + b"half")
    known.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    known.close()


def test_followed_by_garbage(known):
    """The request before the garbage was accepted, and is answered."""
    number, data = known.prepare("SessionService.WhoAmI")
    known.send_bytes(data + delimited(b"\xff\xff\xff\xff"))
    answers = {}
    with pytest.raises(Closed):
        while True:
            response = known.receive_frame().response
            answers[response.id] = response
    assert answers[0].error.code == "message_malformed"
    assert set(answers) <= {0, number}


def test_random_bytes(daemon):
    generator = random.Random(20260706)
    for _ in range(200):
        with Wire(daemon.address) as wire:
            data = generator.randbytes(generator.randrange(1, 600))
            try:
                wire.send_bytes(data)
                wire.end()
                while True:
                    assert wire.receive_frame().response.status != frame.STATUS_OK
            except (Closed, BrokenPipeError, ConnectionResetError):
                pass


def test_broken_requests(daemon):
    """Whole requests with bytes turned: each is answered, or the connection is ended in words."""
    generator = random.Random(20260707)
    fact = {"id": "0190a0a0-0000-7000-8000-000000000000", "kind": "FACT_KIND_VISIT",
            "customer": "Somebody", "outcome": "an outcome of some length", "minutes": 20,
            "occurred_at": {"seconds": 1}}
    client = daemon.client()
    for _ in range(300):
        _, data = client.prepare("FactService.Log", facts=[fact, fact], dry_run=True)
        data = bytearray(data)
        for _ in range(generator.randrange(1, 4)):
            data[generator.randrange(2, len(data))] = generator.randrange(256)
        client.send_bytes(bytes(data))
        try:
            response = client.receive_frame().response
        except Closed:
            pytest.fail("closed without a word")
        assert response.status != frame.STATUS_INTERNAL
        if response.id == 0 and response.error.code != "request_without_id":
            client.close()
            client = daemon.client()
    client.close()


# Messages that are wrong.


def refuses(client, method, body, code, field=None):
    """A request whose body is wrong is refused; the connection goes on."""
    client.next_id += 1
    client.send_frame(request={"id": client.next_id, "method": contract.full_name(method),
                               "body": body})
    response = client.receive_frame().response
    assert response.id == client.next_id
    assert response.error.code == code, response
    assert response.error.message
    if field:
        assert response.error.field == field
    assert client.call("SessionService.WhoAmI").person == "director"
    return response


def test_bad_utf8(known):
    response = refuses(known, "OrgService.Show", b"\x0a\x03ab\xff", "message_malformed", "unit")
    assert "UTF-8" in response.error.message


@pytest.mark.parametrize("text", [b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8"],
                         ids=bytes.hex)
def test_bad_utf8_of_every_sort(known, text):
    refuses(known, "OrgService.Show", b"\x0a" + delimited(text), "message_malformed", "unit")


def test_nul_in_a_string(known):
    refuses(known, "OrgService.Show", b"\x0a\x05We\0st", "message_malformed", "unit")


def test_nul_deep_inside(known):
    fact = contract.types.Fact(kind=3, outcome="a\0b").SerializeToString()
    refuses(known, "FactService.Log", b"\x0a" + delimited(fact), "message_malformed", "outcome")


def test_unknown_enum_value(known):
    unit = contract.types.OrgServiceAddUnitRequest(parent="/", name="x").SerializeToString()
    refuses(known, "OrgService.AddUnit", unit + b"\x18\x63", "message_malformed", "kind")


def test_body_is_not_the_message(known):
    refuses(known, "OrgService.Show", b"\x0a\x7f", "message_malformed")


def test_group_in_a_message(known):
    refuses(known, "OrgService.Show", b"\xa3\x06\xa4\x06", "message_malformed")


def test_a_few_unknown_fields_are_a_newer_client(known):
    """Fields are added, never renumbered: what is not known here is passed over."""
    known.next_id += 1
    known.send_frame(request={"id": known.next_id, "method": "tiejun.v1.MetricService.List",
                              "body": b"\xa0\x06\x01\xaa\x06\x02hi"})
    assert known.receive_frame().response.status == frame.STATUS_OK


def test_many_unknown_fields(known):
    refuses(known, "MetricService.List", b"\xa0\x06\x01" * 100000, "message_malformed")


def test_unknown_method(known):
    response = refuses(known, "tiejun.v1.NoService.None", b"", "unknown_method", "method")
    assert response.status == frame.STATUS_UNSUPPORTED
    assert "tiejun.v1.NoService.None" in response.error.message
    assert response.error.hint


@pytest.mark.parametrize("method", ["", "OrgService.Show", "tiejun.v1.OrgService.Show ",
                                    "'; DROP TABLE unit; --", "%s%s%n", "x" * 100000],
                         ids=lambda text: text[:24])
def test_methods_that_are_none(known, method):
    known.next_id += 1
    known.send_frame(request={"id": known.next_id, "method": method})
    assert known.receive_frame().response.error.code == "unknown_method"
    assert known.call("SessionService.WhoAmI").person == "director"


def test_request_id_zero(known):
    known.send_frame(request={"id": 0, "method": "tiejun.v1.SessionService.WhoAmI"})
    response = known.receive_frame().response
    assert response.error.code == "request_without_id"
    known.send_frame(request={"method": "tiejun.v1.SessionService.WhoAmI"})
    assert known.receive_frame().response.error.code == "request_without_id"


def test_highest_request_id(known):
    known.send_frame(request={"id": 2**64 - 1, "method": "tiejun.v1.SessionService.WhoAmI"})
    response = known.receive_frame().response
    assert response.id == 2**64 - 1 and response.status == frame.STATUS_OK


# The conversation.


@pytest.mark.parametrize("major", [0, 2, 99, 2**32 - 1])
def test_unknown_version(daemon, stranger, major):
    stranger.send_frame(hello=hello(daemon.token(), major=major))
    answer = stranger.receive_frame().response
    assert answer.error.code == "unknown_version"
    assert answer.status == frame.STATUS_UNSUPPORTED
    assert str(major) in answer.error.message and answer.error.hint
    assert stranger.is_closed()


def test_newer_minor_version(daemon, stranger):
    stranger.send_frame(hello=hello(daemon.token(), minor=7))
    assert stranger.receive_frame().welcome.major == 1


def test_welcome(daemon, stranger):
    welcome = stranger.hello(daemon.token())
    assert (welcome.major, welcome.person) == (1, "director")
    assert welcome.server.startswith("tiejund ") and welcome.clock.seconds > 1_700_000_000


def test_refusal_in_the_clients_language(stranger):
    stranger.send_frame(hello=hello(bytes(32), locale="zh_CN"))
    assert stranger.receive_frame().response.error.code == "unknown_device"


@pytest.mark.parametrize("token", [b"", b"short", bytes(32), bytes(33), bytes(4000)], ids=len)
def test_unknown_device(stranger, token):
    stranger.send_frame(hello=hello(token))
    assert_ended(stranger, "UNAUTHENTICATED", "unknown_device")


def test_hello_without_token(stranger):
    """A guest: it may log in (test_login.py), and still sends nothing longer than before."""
    assert stranger.hello(None).person == ""
    stranger.send_bytes(_VarintBytes(LIMIT_UNKNOWN + 1))
    assert_ended(stranger, "MALFORMED", "frame_too_long")


def test_hello_twice(daemon, known):
    known.send_frame(hello=hello(daemon.token()))
    assert_ended(known, "MALFORMED", "hello_twice")


def test_two_hellos_at_once(daemon, stranger):
    data = delimited(frame.ClientFrame(hello=hello(daemon.token())).SerializeToString())
    stranger.send_bytes(data + data)
    assert stranger.receive_frame().HasField("welcome")
    assert_ended(stranger, "MALFORMED", "hello_twice")


def test_request_before_hello(stranger):
    stranger.send("SessionService.WhoAmI")
    assert_ended(stranger, "MALFORMED", "hello_missing")


def test_hello_and_requests_in_one_packet(daemon, stranger):
    """Nobody has to wait for the Welcome."""
    data = delimited(frame.ClientFrame(hello=hello(daemon.token())).SerializeToString())
    numbers = []
    for _ in range(10):
        number, more = stranger.prepare("SessionService.WhoAmI")
        numbers.append(number)
        data += more
    stranger.send_bytes(data)
    assert stranger.receive_frame().HasField("welcome")
    for number in numbers:
        assert stranger.take(number).person == "director"


def test_byte_by_byte(daemon, stranger):
    data = delimited(frame.ClientFrame(hello=hello(daemon.token())).SerializeToString())
    _, more = stranger.prepare("SessionService.WhoAmI")
    for byte in data + more:
        stranger.send_bytes(bytes([byte]))
    assert stranger.receive_frame().HasField("welcome")
    assert stranger.take(1).person == "director"


def test_end_of_input_still_gets_its_answers(known):
    numbers = [known.send("OrgService.Show") for _ in range(30)]
    known.end()
    for number in numbers:
        assert known.take(number).units
    assert known.is_closed()


# Many at once.


def send_in_background(client, data):
    def run():
        try:
            client.send_bytes(data)
        except OSError:
            pass
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_10000_pipelined_requests(known):
    """Answers come in any order, one for each."""
    methods = ["SessionService.WhoAmI", "MetricService.List", "OrgService.Show"]
    parts = []
    for i in range(10_000):
        fields = {"unit": "/", "depth": 0} if i % 3 == 2 else {}
        parts.append(known.prepare(methods[i % 3], **fields)[1])
    thread = send_in_background(known, b"".join(parts))
    while known.waiting:
        known.open(known.receive_response())
    thread.join()


def test_the_same_id_twice(known):
    """Ids are the client's affair: each request is answered."""
    request = {"id": 5, "method": "tiejun.v1.SessionService.WhoAmI"}
    known.send_frame(request=request)
    known.send_frame(request=request)
    assert [known.receive_frame().response.id for _ in range(2)] == [5, 5]


def test_client_that_never_reads(daemon, known):
    """Its requests stop being taken; nobody waits for it, and memory stays bounded."""
    known.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    known.socket.settimeout(1)
    data = b"".join(known.prepare("MetricService.List")[1] for _ in range(1000))
    sent = 0
    with daemon.client() as other:
        try:
            while sent < 500:
                known.send_bytes(data)
                sent += 1
        except TimeoutError:
            pass
        assert sent < 500, "the daemon takes requests without end"
        for _ in range(100):
            other.call("SessionService.WhoAmI")
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0])
    # A sanitizer keeps what was freed for a while.
    assert resident < (700_000 if SANITIZED else 200_000), f"{resident} KiB"


def test_hundreds_of_connections(daemon):
    clients = [daemon.client() for _ in range(300)]
    numbers = [client.send("SessionService.WhoAmI") for client in clients]
    for client, number in zip(clients, numbers):
        assert client.take(number).person == "director"
        client.close()


def test_connection_that_says_nothing(daemon):
    """It costs the others nothing while it is there."""
    silent = [Wire(daemon.address) for _ in range(50)]
    with daemon.client() as client:
        assert client.call("SessionService.WhoAmI").person == "director"
    for wire in silent:
        wire.close()


def test_refusal_names_the_field_and_the_way_out(known):
    with pytest.raises(Refused) as caught:
        known.call("OrgService.Show", unit="/No Such Unit")
    refused = caught.value
    assert (refused.status, refused.code, refused.field) == ("NOT_FOUND", "unknown_unit", "unit")
    assert "/No Such Unit" in refused.message and refused.hint


def test_silence_is_ended(silent):
    """Whoever has not logged in within 10 seconds is shown out, slow or not."""
    assert silent.is_closed()
    assert 9 < time.monotonic() - silent.since < 40
