"""Who somebody is: passwords, codes, devices, and what holds guessers up."""

import hashlib
import itertools
import secrets
import threading
import time

import pytest

from client import Client, Closed, Refused
from company import token_hash
from contract import frame, full_name
from daemon import Daemon
from psql import psql
from test_two_daemons import settings

PASSWORD = "correct horse battery"
# Each test guesses from addresses of its own: loopback has many.
ADDRESSES = (f"127.0.{1 + n // 250}.{1 + n % 250}" for n in itertools.count())


@pytest.fixture
def address():
    return next(ADDRESSES)


def code_hash(code):
    return hashlib.blake2b(code.replace("-", "").encode(), digest_size=32).digest()


def new_code():
    return "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(20))


def guest(daemon, address=None):
    return Client.guest(daemon.address, source=address or next(ADDRESSES))


def login(client, handle, password=PASSWORD, **fields):
    """The token of the device that it lets in."""
    token = secrets.token_bytes(32)
    client.call("SessionService.Login", **{"person": handle, "password": password,
                "token_hash": token_hash(token), "device_name": "tests", **fields})
    return token


def enrol(daemon, code, password=PASSWORD, address=None):
    token = secrets.token_bytes(32)
    with guest(daemon, address) as client:
        client.call("SessionService.Enrol", code=code, password=password,
                    token_hash=token_hash(token), device_name="tests")
    return token


def refusal(what, *arguments, **fields):
    with pytest.raises(Refused) as caught:
        what(*arguments, **fields)
    return caught.value


@pytest.fixture
def invite(company):
    def make(short, who=None):
        code = new_code()
        company.login(who).call("PersonService.Invite", person=company.handle(short),
                                code_hash=code_hash(code))
        return code
    return make


@pytest.fixture
def newcomer(company):
    """The handle of a person who has just been added."""
    handle = f"login.{secrets.token_hex(4)}"
    company.director.call("PersonService.Add", handle=handle, name=f"Name of {handle}",
                          unit=company.unit("North/North 1"))
    return handle


@pytest.fixture
def known(company, newcomer, address):
    """A person with a password, set from that address."""
    code = new_code()
    company.director.call("PersonService.Invite", person=newcomer, code_hash=code_hash(code))
    enrol(company.daemon, code, address=address)
    return newcomer


# ---- before the login ----


def test_a_guest_is_nobody(daemon):
    with guest(daemon) as client:
        assert client.welcome.person == ""


@pytest.mark.parametrize("method", ["SessionService.WhoAmI", "SessionService.Logout",
                                    "FactService.Log", "OrgService.Import", "DeviceService.Add"])
def test_a_guest_may_call_nothing_but_what_logs_in(daemon, method):
    """The right is judged before the body is looked at: a body that cannot be read makes no
    difference."""
    with guest(daemon) as client:
        for body in (b"", b"\xff\xff\xff"):
            client.send_frame(request=frame.Request(id=1, method=full_name(method), body=body))
            response = client.receive_frame().response
            assert (response.id, response.error.code) == (1, "not_logged_in")


def test_a_guest_has_one_request_in_flight(daemon, known, address):
    """The second one waits for the first, and is its person's then."""
    with guest(daemon, address) as client:
        token = secrets.token_bytes(32)
        first, one = client.prepare("SessionService.Login", person=known, password=PASSWORD,
                                    token_hash=token_hash(token))
        second, two = client.prepare("SessionService.WhoAmI")
        client.send_bytes(one + two)
        assert client.take(first).person == known
        assert client.take(second).person == known


def test_whoever_is_logged_in_does_not_log_in_again(company, known):
    error = refusal(login, company.login("n1.1"), known)
    assert (error.status, error.code) == ("CONFLICT", "logged_in_already")


# ---- invitations ----


def test_a_code_sets_a_password_and_lets_a_device_in(daemon, company, invite):
    code = invite("n1.1")
    token = enrol(daemon, code)
    with daemon.client(token) as client:
        assert client.welcome.person == company.handle("n1.1")
    with guest(daemon) as client:
        login(client, company.handle("n1.1"))
        assert client.call("SessionService.WhoAmI").person == company.handle("n1.1")


def test_a_code_is_read_as_people_write_it(daemon, company, newcomer):
    code = "0123456789ABCDEFGH" + secrets.choice("JKMN") + secrets.choice("PQRST")
    company.director.call("PersonService.Invite", person=newcomer, code_hash=code_hash(code))
    written = " ".join([code[:5].replace("0", "o").replace("1", "l"), code[5:].lower() + "-"])
    assert enrol(daemon, written)


def test_a_code_is_good_once(daemon, invite):
    code = invite("n1.2")
    enrol(daemon, code)
    assert refusal(enrol, daemon, code).code == "bad_code"


def test_a_new_code_takes_the_place_of_the_one_before(daemon, invite):
    first, second = invite("n1.3"), invite("n1.3")
    assert refusal(enrol, daemon, first).code == "bad_code"
    assert enrol(daemon, second)


def test_a_code_expires(daemon, company, invite):
    code = invite("n2.1")
    psql(daemon, "UPDATE invite SET expires_at = now() - interval '1 second'"
                 " WHERE person_id = (SELECT id FROM person"
                 f" WHERE handle = '{company.handle('n2.1')}')")
    assert refusal(enrol, daemon, code).code == "bad_code"


def test_a_code_is_good_for_as_long_as_the_setting_says(daemon, company):
    def hours():
        answer = company.director.call("PersonService.Invite", person=company.handle("n2.2"),
                                       code_hash=code_hash(new_code()))
        now = float(psql(daemon, "SELECT extract(EPOCH FROM now())"))
        return round((answer.expires_at.seconds - now) / 3600)
    assert hours() == 72
    psql(daemon, "INSERT INTO setting SELECT id, 'invite_hours', '2024-01-01', '5'"
                 f" FROM unit WHERE path = '{company.unit('North')}'")
    assert hours() == 5


def test_a_password_that_is_not_taken_leaves_the_code_good(daemon, company, newcomer):
    code = new_code()
    company.director.call("PersonService.Invite", person=newcomer, code_hash=code_hash(code))
    for password, refused in (("short", "password_short"), (newcomer, "password_obvious"),
                              (f"Name of {newcomer}", "password_obvious"),
                              ("1234567890", "password_obvious"), ("x" * 1025, "password_long"),
                              ("九个字的密码不够长", "password_short")):
        assert refusal(enrol, daemon, code, password).code == refused
    assert enrol(daemon, code, "十个字的密码就够长了吧")


def test_a_forgotten_password_is_replaced_when_the_code_is_used(daemon, company, known):
    code = new_code()
    company.director.call("PersonService.Invite", person=known, code_hash=code_hash(code))
    with guest(daemon) as client:
        login(client, known)
    enrol(daemon, code, "another one entirely")
    with guest(daemon) as client:
        assert refusal(login, client, known).code == "bad_login"
        login(client, known, "another one entirely")


@pytest.mark.parametrize("who", ["n1.1", "lead.n1", "boss"])
def test_nobody_but_directors_and_administrators_invites(company, newcomer, who):
    error = refusal(company.login(who).call, "PersonService.Invite", person=newcomer,
                    code_hash=code_hash(new_code()))
    assert error.status == "FORBIDDEN"


def test_an_administrator_lets_nobody_in_as_a_director(company, newcomer):
    """Else he could read what the director reads."""
    company.director.call("PersonService.GrantRole", person=newcomer, role="ROLE_ADMIN", unit="/")
    token = secrets.token_bytes(32)
    company.director.call("DeviceService.Add", person=newcomer, token_hash=token_hash(token))
    with company.daemon.client(token) as admin:
        assert refusal(admin.call, "PersonService.Invite", person="director",
                       code_hash=code_hash(new_code())).status == "FORBIDDEN"
        assert refusal(admin.call, "DeviceService.Add", person="director",
                       token_hash=secrets.token_bytes(32)).status == "FORBIDDEN"
        admin.call("PersonService.Invite", person=company.handle("n1.1"),
                   code_hash=code_hash(new_code()))


def test_the_first_director_gets_a_code(spare):
    it = spare(init=False)
    made = it.init(token_file=False, time_zone="UTC", currency="USD", locale="en")
    assert made.returncode == 0, made.stderr
    code = made.stdout.split()[-1]
    it.start()
    with it.client(enrol(it, code, address="127.0.0.1")) as client:
        assert client.welcome.person == "director"


# ---- logging in ----


def test_nothing_but_hashes_is_stored(daemon, known):
    stored = psql(daemon, "SELECT verifier FROM password")
    assert PASSWORD not in stored
    assert all(line.startswith("$argon2id$v=19$") for line in stored.split())
    dump = psql(daemon, "SELECT * FROM login_throttle") + daemon.log()
    assert PASSWORD not in dump


def test_unknown_name_and_wrong_password_are_answered_alike(daemon, known, company):
    answers = []
    for handle in (known, "nobody.at.all", company.handle("s1.2"), "", "x" * 500):
        with guest(daemon) as client:
            error = refusal(login, client, handle, "a wrong password")
            answers.append((error.status, error.code, error.field, error.message, error.hint))
    assert len(set(answers)) == 1 and answers[0][:2] == ("UNAUTHENTICATED", "bad_login")


def test_the_name_is_read_as_everywhere(daemon, known):
    with guest(daemon) as client:
        login(client, f" {known.upper()} ")


def test_a_wrong_password_does_not_end_the_conversation(daemon, known):
    with guest(daemon) as client:
        assert refusal(login, client, known, "a wrong password").code == "bad_login"
        login(client, known)
        assert client.call("SessionService.WhoAmI").person == known


@pytest.mark.parametrize("token", [b"", b"short", bytes(33)], ids=len)
def test_login_without_a_token_to_let_in(daemon, known, token):
    with guest(daemon) as client:
        assert refusal(login, client, known, token_hash=token).code == "bad_token_hash"


def test_a_token_that_is_known_lets_nobody_else_in(daemon, company, known):
    hashed = token_hash(company.token("n1.1"))
    with guest(daemon) as client:
        assert refusal(login, client, known, token_hash=hashed).code == "device_taken"


# ---- passwords ----


def test_a_password_is_changed_by_whoever_knows_it(daemon, known, address):
    with guest(daemon, address) as client:
        login(client, known)
        error = refusal(client.call, "SessionService.ChangePassword",
                        old_password="not this one", password="a new one entirely")
        assert (error.status, error.code) == ("FORBIDDEN", "wrong_password")
        assert refusal(client.call, "SessionService.ChangePassword", old_password=PASSWORD,
                       password="short").code == "password_short"
        client.call("SessionService.ChangePassword", old_password=PASSWORD,
                    password="a new one entirely")
    with guest(daemon) as client:
        assert refusal(login, client, known).code == "bad_login"
        login(client, known, "a new one entirely")


def test_whoever_has_no_password_cannot_change_it(company):
    error = refusal(company.login("s1.1").call, "SessionService.ChangePassword", old_password="",
                    password="a new one entirely")
    assert error.code == "wrong_password"


# ---- devices ----


def test_devices_are_listed_to_their_person(daemon, known, address):
    with guest(daemon, address) as client:
        login(client, known, device_name="电脑")
        devices = client.call("DeviceService.List").devices
        assert [(d.name, d.this_one, d.seen_from) for d in devices] == [
            ("电脑", True, address), ("tests", False, address)]


def test_nobody_sees_or_ends_the_devices_of_others(company, known):
    for who in ("n1.1", "lead.n1", "boss"):
        for method, fields in (("List", {}), ("Revoke", {"all_devices": True})):
            error = refusal(company.login(who).call, f"DeviceService.{method}", person=known,
                            **fields)
            assert error.status == "FORBIDDEN"
    own = company.login("n1.1").call("DeviceService.List").devices
    theirs = company.director.call("DeviceService.List", person=known).devices
    error = refusal(company.login("n1.1").call, "DeviceService.Revoke",
                    device_id=theirs[0].device_id)
    assert error.code == "unknown_device_id"
    assert company.login("n1.1").call("DeviceService.List").devices == own


def assert_ended(client):
    response = client.receive_frame().response
    assert (response.id, response.error.code) == (0, "device_ended")
    assert client.is_closed()


def test_logout_ends_the_device(daemon, known, address):
    with guest(daemon, address) as client:
        token = login(client, known)
        with daemon.client(token) as other:
            assert client.call("SessionService.Logout").ended == 1
            assert_ended(client)
            assert_ended(other)
    assert refusal(daemon.client, token).code == "unknown_device"


@pytest.fixture(scope="module")
def second(daemon):
    """Another tiejund on the same database."""
    it = Daemon(home=daemon.top, name="login-second",
                config=settings(daemon.top / "login-second.ini", daemon))
    it.start()
    yield it
    assert it.stop() == 0
    assert it.errors() == []


def test_a_revoked_device_ends_on_every_daemon(daemon, second, company, known):
    token = secrets.token_bytes(32)
    company.director.call("DeviceService.Add", person=known, token_hash=token_hash(token))
    with daemon.client(token) as one, Client(second.address, token) as two:
        devices = one.call("DeviceService.List").devices
        mine = next(d for d in devices if d.this_one)
        company.director.call("DeviceService.Revoke", person=known, device_id=mine.device_id)
        assert_ended(one)
        assert_ended(two)
    assert refusal(Client, second.address, token).code == "unknown_device"


def test_what_is_under_way_is_answered_before_a_revoked_device_ends(daemon, company, known):
    token = secrets.token_bytes(32)
    company.director.call("DeviceService.Add", person=known, token_hash=token_hash(token))
    with daemon.client(token) as client:
        numbers = [client.send("SessionService.WhoAmI") for _ in range(20)]
        client.send("DeviceService.Revoke", all_devices=True)
        assert all(client.take(number).person == known for number in numbers)


def test_revocations_while_nobody_listened_are_caught_up(daemon, second, company, known):
    """The listening connection is cut, the device ended, and the session ends all the same."""
    token = secrets.token_bytes(32)
    company.director.call("DeviceService.Add", person=known, token_hash=token_hash(token))
    with Client(second.address, token) as client:
        client.call("SessionService.WhoAmI")
        psql(daemon, "BEGIN; UPDATE device SET revoked_at = now() WHERE token_hash ="
                     rf" '\x{token_hash(token).hex()}'; COMMIT;")
        psql(daemon, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE query LIKE 'LISTEN%' AND datname = current_database()")
        assert_ended(client)


# ---- what holds guessers up ----


def tries_until_held(daemon, address, handles, most=100):
    """Wrong passwords, one after another: how many were looked at before one was held up."""
    for n, handle in zip(range(most), handles):
        with guest(daemon, address) as client:
            error = refusal(login, client, handle, "a wrong password")
        if error.code == "too_many_tries":
            assert error.status == "BUSY" and error.retry_after > 0
            return n
        assert error.code == "bad_login"
    raise AssertionError(f"nothing held {most} tries up")


def test_an_address_is_held_up_whoever_it_asks_for(daemon, address):
    handles = (f"nobody.{n}" for n in itertools.count())
    assert 1 <= tries_until_held(daemon, address, handles) <= 10


def test_an_account_is_held_up_wherever_it_is_asked_from(daemon, known):
    """From so many addresses that none of them is held up for its own sake."""
    held = 0
    for n in range(61):
        with guest(daemon) as client:
            error = refusal(login, client, known, "a wrong password")
        held += error.code == "too_many_tries"
    assert 1 <= held and 61 - held <= 60


def test_a_name_that_nobody_has_is_held_up_as_one_that_somebody_has(daemon, known):
    def until_held(handle):
        n = 0
        while True:
            with guest(daemon) as client:
                if refusal(login, client, handle, "a wrong password").code == "too_many_tries":
                    return n
            n += 1
    assert until_held(known) == until_held(f"{known}.not")


def test_strangers_do_not_hold_the_owner_up_where_it_is_known(daemon, known, address):
    while True:
        with guest(daemon) as client:
            if refusal(login, client, known, "a wrong password").code == "too_many_tries":
                break
    with guest(daemon, address) as client:
        token = login(client, known)
    with daemon.client(token) as client:
        assert client.welcome.person == known


def test_tries_that_were_held_up_make_nobody_wait_longer(daemon, known):
    """Else whoever goes on trying would keep the door shut."""
    address = next(ADDRESSES)
    tries_until_held(daemon, address, itertools.repeat(known))
    waits = []
    asked = time.monotonic()
    for _ in range(20):
        with guest(daemon, address) as client:
            wait = refusal(login, client, known, "a wrong password").retry_after
        if waits and time.monotonic() >= asked + waits[0]:
            # This one may have come after the wait, and counted.
            break
        waits.append(wait)
    assert max(waits) == waits[0]


def test_many_at_once_are_counted_one_by_one(daemon):
    """What each of them reads is what it writes: ten at once are not one."""
    address = next(ADDRESSES)
    codes = []

    def guess(n):
        with guest(daemon, address) as client:
            codes.append(refusal(login, client, f"many.{n}", "a wrong password").code)

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {"bad_login", "too_many_tries", "busy"}
    assert codes.count("bad_login") <= 10


def test_codes_are_held_up_by_address(daemon, address):
    def guess():
        return refusal(enrol, daemon, new_code(), address=address).code
    codes = [guess() for _ in range(12)]
    assert codes[0] == "bad_code" and codes[-1] == "too_many_tries"
    assert codes.count("bad_code") <= 10


def test_two_daemons_count_together(daemon, second):
    address = next(ADDRESSES)
    codes = []
    for n in range(12):
        with guest((daemon, second)[n % 2], address) as client:
            codes.append(refusal(login, client, f"both.{n}", "a wrong password").code)
    assert 1 <= codes.count("bad_login") <= 10


def test_old_tries_are_forgotten(daemon):
    psql(daemon, "UPDATE login_throttle SET last_at = now() - interval '3 hours';"
                 "SELECT login_prune()")
    assert psql(daemon, "SELECT count(*) FROM login_throttle").strip().splitlines()[-1] == "0"


def test_the_longest_names_log_in_whole(company, daemon, invite):
    """Handles have up to 64 characters and names 200, of up to 4 bytes each."""
    short = "\u738b" * (64 - len(company.handle("")))
    name = "\U00020000" * 200
    company.login().call("PersonService.Add", handle=company.handle(short), name=name,
                         unit=company.unit("North/North 1"))
    token = enrol(daemon, invite(short))
    with daemon.client(token) as client:
        assert (client.welcome.person, client.welcome.person_name) == (company.handle(short), name)
        client.call("SessionService.ChangePassword", old_password=PASSWORD,
                    password="horse battery correct")


def test_a_guest_who_asks_and_asks_for_what_it_may_not_is_sent_away(daemon):
    """Each refusal is a row of the audit trail."""
    with guest(daemon) as client:
        refusals = 0
        with pytest.raises(Closed):
            while refusals < 100:
                assert refusal(client.call, "SessionService.WhoAmI").code == "not_logged_in"
                refusals += 1
    assert refusals == 16


@pytest.mark.parametrize("checked, rows", [("w.verifier", "1"), ("'the one before'", "0")])
def test_a_password_that_is_changed_while_it_is_checked_is_the_old_one(daemon, known, checked, rows):
    """By then the daemon holds the old verifier, and has found it good."""
    for end in ("try_end_login", "try_end_change"):
        answer = psql(daemon, f"""
            BEGIN;
            SELECT 'rows', count(e) FROM password AS w JOIN person AS p ON p.id = w.person_id
            CROSS JOIN LATERAL {end}(w.person_id, true, 'new', NULL,
                '\\x{secrets.token_hex(32)}', 'd', '{{}}', '{{}}', {checked}) AS e
            WHERE p.handle = '{known}';
            ROLLBACK""")
        assert f"rows|{rows}" in answer
