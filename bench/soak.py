"""An hour of work, or as long as asked for: 100 entities with five updates a second each, 200 subscriptions, and a receiver that
refuses one notification in twenty; with --kill-every, the program is killed (kill -9) again and again, and started on what it left.

Every update that was acknowledged must be told to both subscriptions of its entity, in order; after a failure or a crash some may be
told twice. The last line says how many were lost or out of order: none is the bar.

    python3 bench/soak.py --dinh target/release/dinh --minutes 60
    python3 bench/soak.py --dinh target/release/dinh --minutes 60 --kill-every 60
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time

CONFIG = """
[access]
open_writes = "local"
undescribed = "open"

[outbound]
allow = ["*"]
"""
WAIT = 180  # seconds in which everything must have been told once nobody writes any more
GROUP = 10  # entities of one writer


class Receiver:
    """Takes notifications, refuses some, and looks whether they come in order."""

    def __init__(self, refuse):
        self.refuse = refuse
        self.last = {}  # (subscription, entity): the last value told
        self.taken = self.refused = self.repeated = 0
        self.wrong = []

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode().split("\r\n")
                path = lines[0].split(" ")[1]
                length = next((int(l.split(":")[1]) for l in lines if l.lower().startswith("content-length:")), 0)
                body = await reader.readexactly(length)
                accepted = random.random() >= self.refuse
                if accepted:
                    self.take(path, json.loads(body))
                else:
                    self.refused += 1
                status = b"204 No Content" if accepted else b"500 Internal Server Error"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def take(self, path, notification):
        self.taken += 1
        for entity in notification["data"]:
            key, value = (path, entity["id"]), entity["reading"]
            last = self.last.get(key, 0)
            if value <= last:
                self.repeated += 1
            elif value == last + 1:
                self.last[key] = value
            else:
                self.wrong.append((path, entity["id"], last, value))
                self.last[key] = value


class Program:
    """The program that is tried."""

    def __init__(self, given, work):
        self.given, self.work, self.process, self.starts = given, work, None, 0

    async def start(self):
        self.starts += 1
        out = open(os.path.join(self.work, f"out-{self.starts}"), "wb")
        log = open(os.path.join(self.work, "log"), "ab")
        self.process = await asyncio.create_subprocess_exec(
            self.given.dinh, "serve", "--config", os.path.join(self.work, "dinh.toml"), "--packs", self.given.packs,
            "--data", os.path.join(self.work, "data"), "--listen", f"127.0.0.1:{self.given.port}", stdout=out, stderr=log,
        )
        for _ in range(600):
            try:
                await ask(self.given.port, "GET", "/health")
                return
            except OSError:
                await asyncio.sleep(0.1)
        sys.exit("the program did not start")

    async def end(self, how):
        self.process.send_signal(how)
        await self.process.wait()


async def ask(port, method, path, body=None, streams=None):
    """One request; on a connection of its own, or on the one that is given."""
    reader, writer = streams or await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    length = next((int(l.split(":")[1]) for l in lines if l.lower().startswith("content-length:")), 0)
    answer = await reader.readexactly(length)
    if streams is None:
        writer.close()
    return int(lines[0].split(" ")[1]), answer


def name(i):
    return f"urn:ngsi-ld:Meter:{i:03}"


async def set_up(port, receiver):
    for i in range(100):
        body = {"id": name(i), "type": "Meter", "reading": {"type": "Property", "value": 0}}
        status, answer = await ask(port, "POST", "/ngsi-ld/v1/entities", body)
        assert status == 201, answer
        for which in "ab":
            body = {
                "type": "Subscription",
                "entities": [{"id": name(i), "type": "Meter"}],
                "watchedAttributes": ["reading"],
                "notification": {"format": "keyValues", "endpoint": {"uri": f"http://127.0.0.1:{receiver}/{which}{i}", "cooldown": 100}},
            }
            status, answer = await ask(port, "POST", "/ngsi-ld/v1/subscriptions", body)
            assert status == 201, answer


async def write(port, first, values, until, slow):
    """Five updates a second of each of some entities. What is not acknowledged is said again until it is."""
    streams = None
    while time.monotonic() < until:
        tick = time.monotonic()
        for i in range(first, first + GROUP):
            body = {"type": "Property", "value": values[i] + 1}
            while True:
                try:
                    streams = streams or await asyncio.open_connection("127.0.0.1", port)
                    begun = time.monotonic()
                    status, answer = await asyncio.wait_for(ask(port, "PATCH", f"/ngsi-ld/v1/entities/{name(i)}/attrs/reading", body, streams), 10)
                    slow.append(time.monotonic() - begun)
                    if status == 204:
                        break
                    if status != 503:
                        sys.exit(f"an update was answered with {status}: {answer[:200]}")
                except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                    streams = None
                await asyncio.sleep(0.05)
            values[i] += 1
        await asyncio.sleep(max(0.0, tick + 0.2 - time.monotonic()))


async def kill(program, every, until):
    while time.monotonic() + every < until:
        await asyncio.sleep(every)
        await program.end(signal.SIGKILL)
        await program.start()


def told(receiver, values):
    return all(receiver.last.get((f"/{which}{i}", name(i)), 0) >= values[i] for i in range(100) for which in "ab")


def resident(pid):
    return next(int(l.split()[1]) for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS")) // 1024


async def main(given):
    shutil.rmtree(given.work, ignore_errors=True)
    os.makedirs(given.work)
    open(os.path.join(given.work, "dinh.toml"), "w").write(CONFIG)
    receiver = Receiver(given.refuse)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    program = Program(given, given.work)
    await program.start()
    await set_up(given.port, server.sockets[0].getsockname()[1])
    values, slow = [0] * 100, []
    memory = resident(program.process.pid)
    until = time.monotonic() + given.minutes * 60
    work = [write(given.port, first, values, until, slow) for first in range(0, 100, GROUP)]
    if given.kill_every:
        work.append(kill(program, given.kill_every, until))
    await asyncio.gather(*work)
    begun = time.monotonic()
    while not told(receiver, values) and time.monotonic() < begun + WAIT:
        await asyncio.sleep(0.1)
    lost = sum(max(0, values[i] - receiver.last.get((f"/{which}{i}", name(i)), 0)) for i in range(100) for which in "ab")
    slow.sort()
    print(f"{given.minutes:g} minutes, killed {program.starts - 1} times")
    print(f"{sum(values)} updates acknowledged, {sum(values) / given.minutes / 60:.0f}/s; half within {slow[len(slow) // 2] * 1000:.1f} ms, "
          f"99 % within {slow[len(slow) * 99 // 100] * 1000:.1f} ms")
    print(f"{receiver.taken} notifications taken, {receiver.refused} refused, {receiver.repeated} told twice; "
          f"the last one {time.monotonic() - begun:.1f} s after the last update")
    print(f"resident {memory} MiB at the beginning, {resident(program.process.pid)} MiB at the end")
    await program.end(signal.SIGTERM)
    for path, entity, last, value in receiver.wrong[:10]:
        print(f"out of order or lost: {path} {entity}: {value} after {last}")
    print(f"{lost} lost, {len(receiver.wrong)} out of order")
    sys.exit(1 if lost or receiver.wrong else 0)


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--dinh", required=True, help="the program")
    reader.add_argument("--packs", default="e2e/packs")
    reader.add_argument("--port", type=int, default=7430)
    reader.add_argument("--minutes", type=float, default=60)
    reader.add_argument("--kill-every", type=float, default=0, help="seconds between two kills (default: never)")
    reader.add_argument("--refuse", type=float, default=0.05, help="the share of notifications that the receiver refuses")
    reader.add_argument("--work", default="target/soak")
    asyncio.run(main(reader.parse_args()))
