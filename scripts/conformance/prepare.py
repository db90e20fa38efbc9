"""Copies ETSI's NGSI-LD test suite and points it at this machine: the broker, the servers of the tests, the @contexts.

Usage: prepare.py SUITE COPY
"""

import pathlib
import shutil
import stat
import sys

# Where the suite looks for @contexts on the network, and what serves them here.
CONTEXTS = "http://127.0.0.1:8461/"
ELSEWHERE = [
    "https://raw.githubusercontent.com/marek-mraz/ngsi-ld-test-suite/main/resources/jsonld-contexts/",
    "https://forge.etsi.org/rep/cim/ngsi-ld-test-suite/-/raw/develop/resources/jsonld-contexts/",
    "https://easy-global-market.github.io/ngsild-api-data-models/ngsildTestSuite/",
    "https://fiware.github.io/data-models/",
    "https://fiware.github.io/NGSI-LD_TestSuite/ldContext/",
]
# A context of this name is a copy of the suite's own.
COPIES = {
    "ngsildTestSuiteV1.8-compound.jsonld": "ngsi-ld-test-suite-compound.jsonld",
    "context.jsonld": "ngsi-ld-test-suite.jsonld",
    "testContext.jsonld": "ngsi-ld-test-suite.jsonld",
}

BROKER = "http://127.0.0.1:8450"
VARIABLES = {
    "url": f"{BROKER}/ngsi-ld/v1",
    "temporal_api_url": f"{BROKER}/ngsi-ld/v1",
    "notification_server_host": "127.0.0.1",
    "context_source_host": "127.0.0.1",
    "context_server_host": "127.0.0.1",
    "mqtt_broker_host": "127.0.0.1",
}

# Some tests reach the broker by the usual port, some by another (mqtt_broker_non_default_port).
LISTENERS = "listener 1883 127.0.0.1\nlistener 8085 127.0.0.1"

# The suite starts its MQTT broker in a container. The same broker runs here as a process: what the suite asks of
# `docker` is to run it with one of two configurations, and to remove it.
DOCKER = """#!/bin/sh
here=$(dirname -- "$0")
case "$*" in
*rm*)
    if [ -f "$here/mosquitto.pid" ]; then
        kill "$(cat "$here/mosquitto.pid")" 2>/dev/null
        rm -f "$here/mosquitto.pid"
        sleep 0.3
    fi
    ;;
run*)
    conf=$(printf '%s' "$*" | sed -n 's/.*CONF=\\([^ ]*\\).*/\\1/p')
    mosquitto -c "$here/$(basename "${conf:-mosquitto.conf}")" >/dev/null 2>&1 </dev/null &
    echo $! >"$here/mosquitto.pid"
    sleep 0.7
    ;;
esac
"""


def point_at_this_machine(copy: pathlib.Path) -> None:
    for folder in ("TP", "IOP_TP", "data", "resources", "libraries"):
        for file in (copy / folder).rglob("*"):
            if file.suffix not in {".robot", ".resource", ".json", ".jsonld", ".geojson", ".py"}:
                continue
            text = file.read_text(encoding="utf-8")
            changed = text
            for prefix in ELSEWHERE:
                changed = changed.replace(prefix, CONTEXTS)
            changed = changed.replace("http://localhost:9090", BROKER)
            if changed != text:
                file.write_text(changed, encoding="utf-8")


def set_variables(copy: pathlib.Path) -> None:
    file = copy / "resources" / "variables.py"
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        name = line.split("=")[0].strip()
        lines.append(f"{name} = '{VARIABLES[name]}'" if name in VARIABLES else line)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def copy_contexts(copy: pathlib.Path) -> None:
    folder = copy / "resources" / "jsonld-contexts"
    for name, original in COPIES.items():
        (folder / name).write_text((folder / original).read_text(encoding="utf-8"), encoding="utf-8")


def make_broker(copy: pathlib.Path) -> None:
    folder = copy / ".bin"
    folder.mkdir()
    passwords = copy / "resources" / "mqttUtils" / "mosquitto" / "mosquitto_pwd"
    here = (folder / "mosquitto_pwd").absolute()
    shutil.copy(passwords, here)
    here.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    for conf in passwords.parent.glob("*.conf"):
        text = conf.read_text(encoding="utf-8").replace("/mosquitto/config/mosquitto_pwd", str(here))
        (folder / conf.name).write_text(text.replace("listener 1883", LISTENERS), encoding="utf-8")
    docker = folder / "docker"
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)


def main() -> None:
    suite, copy = (pathlib.Path(argument) for argument in sys.argv[1:3])
    shutil.copytree(suite, copy, ignore=shutil.ignore_patterns(".git", "doc", "itb"))
    point_at_this_machine(copy)
    set_variables(copy)
    copy_contexts(copy)
    make_broker(copy)


main()
