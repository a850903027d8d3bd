#!/usr/bin/env python3
"""Connections that mean no good, from many loopback addresses, until told to end (SIGTERM).

Slow ones shake hands and then send a frame byte by byte, halves stop within the handshake, and
every now and then one sends garbage or a frame that is too long. Each that the daemon cuts comes
again at once. Prints "ready" when all have come, and at the end what became of them, as JSON.
"""

import collections
import json
import os
import random
import selectors
import signal
import socket
import ssl
import sys
import time

DRIP_SECONDS = 2
WRONG = [b"GET / HTTP/1.1\r\n\r\n", os.urandom(3000), b"\xff\xff\xff\x7f" + bytes(4000)]


def careless():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Foe:
    """One connection; "slow" or "half"."""

    def __init__(self, attack, kind, source):
        self.attack, self.kind, self.source = attack, kind, source
        self.come()

    def come(self):
        self.since = time.monotonic()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((self.source, 0))
        self.socket.connect_ex(self.attack.address)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.attack.context.wrap_bio(self.incoming, self.outgoing)
        self.is_open = self.is_connected = False
        self.attack.selector.register(self.socket, selectors.EVENT_WRITE, self)

    def go(self):
        """The socket is connected, or has something to read."""
        try:
            if self.is_connected:
                data = self.socket.recv(1 << 16)
                if not data:
                    return self.cut()
                self.incoming.write(data)
            else:
                self.is_connected = True
                self.attack.selector.modify(self.socket, selectors.EVENT_READ, self)
            if not self.is_open:
                self._shake()
        except (ConnectionError, ssl.SSLError):
            self.cut()

    def _shake(self):
        try:
            self.tls.do_handshake()
            self.is_open = True
            # A frame of 4,000 bytes begins.
            self.tls.write(b"\xa0\x1f")
        except ssl.SSLWantReadError:
            self.is_open = self.kind == "half"
        self._send()
        self.attack.came += self.is_open

    def _send(self):
        if data := self.outgoing.read():
            self.socket.send(data)

    def drip(self):
        if self.is_open and self.kind == "slow":
            try:
                self.tls.write(b"\0")
                self._send()
            except (ConnectionError, BlockingIOError, ssl.SSLError):
                pass

    def cut(self):
        if self.is_open:
            self.attack.lives[self.kind].append(time.monotonic() - self.since)
        self.attack.selector.unregister(self.socket)
        self.socket.close()
        self.come()


class Attack:
    def __init__(self, address, slow, half, sources):
        host, port = address.rsplit(":", 1)
        self.address = (host, int(port))
        self.context = careless()
        self.selector = selectors.DefaultSelector()
        self.lives = collections.defaultdict(list)
        self.came = 0
        self.wrong = 0
        self.foes = []
        self.sources = sources
        self.todo = ["slow"] * slow + ["half"] * half
        random.Random(1).shuffle(self.todo)
        self.ended = False

    def add_some(self):
        for _ in range(min(50, len(self.todo))):
            source = f"127.0.2.{len(self.foes) % self.sources + 1}"
            self.foes.append(Foe(self, self.todo.pop(), source))

    def send_wrong(self):
        """Garbage, and no thought of what comes of it."""
        with socket.socket() as it:
            it.bind((f"127.0.2.{self.wrong % self.sources + 1}", 0))
            it.connect(self.address)
            it.send(WRONG[self.wrong % len(WRONG)])
        self.wrong += 1

    def run(self):
        total = len(self.todo)
        is_ready = False
        drip_at = time.monotonic()
        while not self.ended:
            self.add_some()
            for key, _ in self.selector.select(0.02):
                key.data.go()
            if not is_ready and self.came >= total:
                is_ready = True
                print("ready", flush=True)
            if time.monotonic() - drip_at > DRIP_SECONDS:
                drip_at = time.monotonic()
                for foe in self.foes:
                    foe.drip()
            self.send_wrong()

    def report(self):
        """Those that live still have lived so long at least."""
        now = time.monotonic()
        ages = collections.defaultdict(list)
        for foe in self.foes:
            if foe.is_open:
                ages[foe.kind].append(now - foe.since)
        return {"came": self.came, "wrong": self.wrong,
                **{kind: {"cut": len(self.lives[kind]),
                          "longest_s": round(max(alive + self.lives[kind]), 2)}
                   for kind, alive in ages.items()}}


def main():
    address, slow, half, sources = sys.argv[1], *map(int, sys.argv[2:])
    attack = Attack(address, slow, half, sources)

    def end(*_):
        attack.ended = True

    signal.signal(signal.SIGTERM, end)
    attack.run()
    print(json.dumps(attack.report()))


if __name__ == "__main__":
    main()
