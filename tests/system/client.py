"""A client of its own: python3-protobuf, and the delimited framing that every library has."""

import collections
import datetime
import socket
import ssl
import threading

from google.protobuf.internal.decoder import _DecodeVarint32
from google.protobuf.internal.encoder import _VarintBytes

import contract
from contract import frame

TIMEOUT = 60

# The file of the CA of each daemon that was started here, by its address.
authorities = {}


class Closed(Exception):
    """The daemon ended the connection."""


class Refused(Exception):
    """The daemon's Response with another status than OK."""

    def __init__(self, response):
        self.status = frame.Status.Name(response.status).removeprefix("STATUS_")
        self.code = response.error.code
        self.field = response.error.field
        self.message = response.error.message
        self.hint = response.error.hint
        self.retry_after = response.error.retry_after_ms / 1000
        super().__init__(f"{self.status} {self.code} {self.field}: {self.message}")


def delimited(body):
    return _VarintBytes(len(body)) + body


def instant(text):
    """RFC 3339 as what a Timestamp field takes."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    whole = moment.replace(microsecond=0)
    return {"seconds": int(whole.timestamp()), "nanos": moment.microsecond * 1000}


def trusting(ca):
    """TLS that takes a server for what a CA says it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if ca:
        context.load_verify_locations(ca)
    return context


class Wire:
    """A socket under TLS that sends and takes frames, and any other bytes.

    TLS is kept apart from the socket, so that tests can reach below it, and that one thread may
    send while another one takes.
    """

    def __init__(self, address, timeout=TIMEOUT, tls=None, shake_hands=True, source=None):
        host, port = address.rsplit(":", 1)
        self.host = host.strip("[]")
        self.socket = socket.create_connection((self.host, int(port)), timeout=timeout,
                                               source_address=source and (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = bytearray()
        # Whether the daemon has ended TLS as TLS wants it.
        self.farewell = False
        self.lock = threading.Lock()
        self.send_lock = threading.Lock()
        if shake_hands:
            self.shake_hands(tls or trusting(authorities[address]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def shake_hands(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=self.host)
        while not self._hands_are_shaken():
            self.incoming.write(self._receive() or self._give_up())
        self.socket.sendall(self.outgoing.read())

    def _hands_are_shaken(self):
        try:
            self.tls.do_handshake()
            return True
        except ssl.SSLWantReadError:
            self.socket.sendall(self.outgoing.read())
            return False

    def _give_up(self):
        raise Closed()

    def send_bytes(self, data):
        with self.send_lock:
            with self.lock:
                self.tls.write(data)
                sealed = self.outgoing.read()
            self.socket.sendall(sealed)

    def send_frame(self, **fields):
        self.send_bytes(delimited(frame.ClientFrame(**fields).SerializeToString()))

    def end(self):
        """Says that nothing more will come."""
        with self.send_lock:
            with self.lock:
                try:
                    self.tls.unwrap()
                except ssl.SSLWantReadError:
                    pass
                sealed = self.outgoing.read()
            self.socket.sendall(sealed)
            self.socket.shutdown(socket.SHUT_WR)

    def _receive(self):
        try:
            return self.socket.recv(1 << 18)
        except ConnectionResetError:
            return b""

    def _more(self):
        before = len(self.input)
        while len(self.input) == before:
            data = self._receive()
            with self.lock:
                if not data:
                    raise Closed()
                self.incoming.write(data)
                self._open_records()

    def _open_records(self):
        try:
            while data := self.tls.read(1 << 18):
                self.input += data
            self.farewell = True
        except ssl.SSLZeroReturnError:
            self.farewell = True
        except ssl.SSLWantReadError:
            pass

    def receive_frame(self):
        while not self.input or self.input[:5][-1] & 0x80 and len(self.input) < 5:
            self._more()
            if any(byte < 0x80 for byte in self.input[:5]):
                break
        size, start = _DecodeVarint32(bytes(self.input[:5]), 0)
        while len(self.input) < start + size:
            self._more()
        body = bytes(self.input[start:start + size])
        del self.input[:start + size]
        return frame.ServerFrame.FromString(body)

    def is_closed(self):
        """Whether the daemon says no more; waits for it."""
        try:
            self._more()
        except Closed:
            return True
        return False


class Client(Wire):
    """A logged-in client; token None: no Hello is said."""

    def __init__(self, address, token=None, locale="en", timeout=TIMEOUT, tls=None,
                 source=None):
        super().__init__(address, timeout, tls, source=source)
        self.next_id = 0
        self.waiting = {}
        self.arrived = collections.OrderedDict()
        # What came by itself.
        self.pushes = collections.deque()
        if token is not None:
            self.welcome = self.hello(token, locale)

    @classmethod
    def guest(cls, address, locale="en", **options):
        """Has said Hello without a token: it may log in."""
        it = cls(address, **options)
        it.welcome = it.hello(None, locale)
        return it

    def hello(self, token, locale="en", **fields):
        fields = {"major": 1, "minor": 0, "client": "tests", "locale": locale,
                  "device_token": token, **fields}
        self.send_frame(hello=frame.Hello(**fields))
        answer = self.receive_frame()
        if answer.HasField("welcome"):
            return answer.welcome
        raise Refused(answer.response)

    def prepare(self, method, message=None, /, **fields):
        """The bytes of a request, and its id."""
        method = contract.full_name(method)
        if message is None:
            message = contract.request_class(method)(**fields)
        self.next_id += 1
        self.waiting[self.next_id] = method
        request = frame.Request(id=self.next_id, method=method, body=message.SerializeToString())
        body = frame.ClientFrame(request=request).SerializeToString()
        return self.next_id, delimited(body)

    def send(self, method, message=None, /, **fields):
        number, data = self.prepare(method, message, **fields)
        self.send_bytes(data)
        return number

    def receive_response(self):
        """The next Response, whichever request it answers."""
        while (answer := self.receive_frame()).HasField("push"):
            self.pushes.append(answer.push)
        response = answer.response
        if response.id == 0:
            raise Refused(response)
        assert response.id in self.waiting, f"an answer to nothing: {response.id}"
        return response

    def receive_push(self):
        """The next Push; nothing is asked meanwhile."""
        if not self.pushes:
            answer = self.receive_frame()
            assert answer.HasField("push"), answer
            self.pushes.append(answer.push)
        return self.pushes.popleft()

    def take(self, number):
        """The answer of one request; those that come before it are kept."""
        while number not in self.arrived:
            response = self.receive_response()
            self.arrived[response.id] = response
        return self.open(self.arrived.pop(number))

    def open(self, response):
        method = self.waiting.pop(response.id)
        if response.status != frame.STATUS_OK:
            raise Refused(response)
        return contract.response_class(method).FromString(response.body)

    def call(self, method, message=None, /, **fields):
        return self.take(self.send(method, message, **fields))

    def pages(self, method, field, /, **fields):
        """All rows of a method that answers in pages."""
        rows = []
        cursor = ""
        while True:
            page = self.call(method, **fields, **({"cursor": cursor} if cursor else {}))
            rows += getattr(page, field)
            cursor = page.next_cursor
            if not cursor:
                return rows
