"""Measures brokers of NGSI-LD beside one another: the same load (wrk), the same machine, the same run.

Each broker is named with its address, `name=http://127.0.0.1:9090`; the first one is what the others are compared with. It must
be empty, run on this machine (its processor time is read from the system) and take writes without a key. Requests per
second say what a machine with nothing else to do can answer; processor time per request says what an answer costs, also
where the load itself takes a part of the machine.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")
BATCH = 500


class Broker:
    def __init__(self, text):
        self.name, _, self.url = text.partition("=")
        if not re.fullmatch(r"http://[\w.]+:\d+", self.url):
            sys.exit(f"{text}: a name, =, and an address such as http://127.0.0.1:9090")
        self.pid = listener(int(self.url.rsplit(":", 1)[1]))

    def cpu(self):
        """Seconds of processor time that the process has used."""
        fields = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self):
        """Resident memory in MiB."""
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.pid}/status").read())[1]) / 1024


def listener(port):
    """The process that listens on a port of this machine."""
    wanted = {
        line.split()[9]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in open(table).readlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == port
    }
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            links = (os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd"))
            if any(link.startswith("socket:[") and link[8:-1] in wanted for link in links):
                return int(pid)
        except OSError:
            continue
    sys.exit(f"nobody listens on port {port}")


def sensor(i):
    prop = lambda value, **more: {"type": "Property", "value": value, **more}
    return {
        "id": f"urn:ngsi-ld:Sensor:{i:07}",
        "type": "Sensor",
        "temperature": prop(i % 400 / 10, unitCode="CEL"),
        "humidity": prop(i % 100),
        "serial": prop(i),
        "status": prop("ok" if i % 7 else "fault"),
        "name": prop(f"Sensor number {i}"),
    }


def fill(broker, start, end):
    for first in range(start, end, BATCH):
        body = json.dumps([sensor(i) for i in range(first, min(first + BATCH, end))]).encode()
        request = urllib.request.Request(
            broker.url + "/ngsi-ld/v1/entityOperations/upsert", body, {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request) as answer:
            answer.read()


class Figure:
    """What one load has measured: requests a second, milliseconds of processor time a request, answers that were errors."""

    def __init__(self, rate, cost, p99, errors):
        self.rate, self.cost, self.p99, self.errors = rate, cost, p99, errors


def wrk(broker, connections, seconds, path="", script=None, arguments=()):
    command = ["wrk", "-t1", f"-c{connections}", "--latency"]
    command += ["-s", os.path.join(HERE, script)] if script else []
    tail = [broker.url + path, "--", *map(str, arguments)] if arguments else [broker.url + path]
    subprocess.run([*command, "-d1s", *tail], stdout=subprocess.DEVNULL, check=True)
    before = broker.cpu()
    told = subprocess.run([*command, f"-d{seconds}s", *tail], capture_output=True, text=True, check=True).stdout
    used = broker.cpu() - before
    number = lambda pattern: float((re.search(pattern, told) or [0, "0"])[1])
    requests = number(r"(\d+) requests in")
    if not requests:
        return Figure(0.0, used * 1000, 0.0, 0)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    p99 = float(p99[1]) * unit[p99[2]] if p99 else 0.0
    return Figure(number(r"Requests/sec:\s+([\d.]+)"), used * 1000 / requests, p99, int(number(r"Non-2xx or 3xx responses: (\d+)")))


def row(what, broker, figure, first):
    if not figure.rate:
        print(f"{what:44} {broker.name:16} no answer while it was measured, {figure.cost:.0f} ms of processor time", flush=True)
        return
    ratio = f"{figure.rate / first.rate:7.2f} ×" if figure is not first else "        "
    costs = f"{figure.cost / first.cost:7.2f} ×" if figure is not first and first.cost else "        "
    errors = f"   {figure.errors} errors" if figure.errors else ""
    print(f"{what:44} {broker.name:16} {figure.rate:9.0f}/s {ratio}  {figure.cost:8.4f} ms {costs}  p99 {figure.p99:7.1f} ms{errors}", flush=True)


def loads(count, seconds):
    """The loads that are the same for every number of entities: what it is, and how to bring it about."""
    page = "/ngsi-ld/v1/entities?type=Sensor&limit=20"
    return [
        ("a page of a type, 50 connections", lambda b: wrk(b, 50, seconds, page)),
        ("the same with a selective q", lambda b: wrk(b, 50, seconds, page + f"&q=serial=={count // 2}")),
        ("one entity by its identifier, 50", lambda b: wrk(b, 50, seconds, script="retrieve.lua", arguments=[count])),
        ("one attribute changed, 64", lambda b: wrk(b, 64, seconds, script="patch.lua", arguments=[count])),
        ("one attribute changed, 256", lambda b: wrk(b, 256, seconds, script="patch.lua", arguments=[count])),
        ("a batch of 100 upserted, 4", lambda b: wrk(b, 4, seconds, script="upsert.lua", arguments=[count])),
    ]


def subscribe(broker, many, types):
    """So many subscriptions to types that nothing is said of: none of them ever matches."""
    connection = http.client.HTTPConnection(broker.url.removeprefix("http://"))
    for i in range(many):
        body = {
            "type": "Subscription",
            "entities": [{"type": f"Nothing{i % types}"}],
            "q": f"serial=={i}",
            "notification": {"endpoint": {"uri": "http://127.0.0.1:9/nobody"}},
        }
        connection.request("POST", "/ngsi-ld/v1/subscriptions", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            sys.exit(f"{broker.name}: a subscription was answered with {answer.status}")


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("brokers", nargs="+", type=Broker, metavar="NAME=URL")
    reader.add_argument("--entities", default="100,50000", help="numbers of entities, ascending (default: %(default)s)")
    reader.add_argument("--seconds", type=int, default=5, help="how long each load lasts (default: %(default)s)")
    reader.add_argument("--subscriptions", type=int, default=0, help="at last, so many subscriptions that never match (default: none)")
    given = reader.parse_args()
    print("requests a second and processor time a request; × of the first broker's\n")
    for broker in given.brokers:
        figure = wrk(broker, 50, given.seconds, "/health")
        print(f"{'bare HTTP: what /health answers, 50':44} {broker.name:16} {figure.rate:9.0f}/s           {figure.cost:8.4f} ms")
    there = 0
    for count in map(int, given.entities.split(",")):
        for broker in given.brokers:
            fill(broker, there, count)
        there = count
        print(f"\n{count} entities" + "".join(f", {b.name} {b.resident():.0f} MiB" for b in given.brokers))
        for what, load in loads(count, given.seconds):
            first = None
            for broker in given.brokers:
                figure = load(broker)
                first = first or figure
                row(what, broker, figure, first)
    if given.subscriptions:
        print(f"\n{given.subscriptions} subscriptions to 1,000 other types; × of the same before them")
        for broker in given.brokers:
            before = wrk(broker, 64, given.seconds, script="patch.lua", arguments=[there])
            subscribe(broker, given.subscriptions, 1000)
            row("one attribute changed, 64, before", broker, before, before)
            row("one attribute changed, 64, beside them", broker, wrk(broker, 64, given.seconds, script="patch.lua", arguments=[there]), before)


if __name__ == "__main__":
    main()
