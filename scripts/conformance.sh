#!/bin/sh
# Runs ETSI's NGSI-LD test suite against the built program and tells passed, failed and skipped by group.
#
#   NGSILD_SUITE=FOLDER   where the suite stands: the folder with TP/, data/, resources/ (required; it is not part of Đình)
#   ONLY=PATH             a part of it, e.g. TP/NGSI-LD/ContextInformation/Provision (TP/NGSI-LD); IOP_TP needs five brokers
#   TEST=NAME             only tests of this name, as Robot Framework understands --test
#   DINH_BIN=FILE         another binary than the one built here
#
# The suite is copied and pointed at this machine (scripts/conformance/prepare.py); nothing of it is changed where it stands.
set -eu
. "$(dirname -- "$0")/lib.sh"

[ -n "${NGSILD_SUITE:-}" ] || die "NGSILD_SUITE must name the folder of the test suite"
[ -d "$NGSILD_SUITE/TP/NGSI-LD" ] || die "$NGSILD_SUITE has no folder TP/NGSI-LD"
have python3 || die "python3 is needed"

ROBOT_VERSION=7.4.1
tools=$ROOT/.tools/robot-$ROBOT_VERSION
if [ ! -x "$tools/bin/robot" ]; then
    step "Robot Framework $ROBOT_VERSION"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "robotframework==$ROBOT_VERSION" \
        robotframework-jsonlibrary==0.5 robotframework-requests==0.9.7 deepdiff==8.6.1 prettydiff==0.1.0 \
        paho-mqtt==1.6.1 robotframework-mqttlibrary==0.7.1.post3 "$NGSILD_SUITE/libraries/robotframework-httpctrl"
fi
if [ -z "${DINH_BIN:-}" ]; then cargo build --locked --workspace --bin dinh; fi

# Below the target folder: a run can be looked at afterwards.
work=$TARGET/conformance
rm -rf "$work"
mkdir -p "$work"
step "the suite"
"$tools/bin/python" scripts/conformance/prepare.py "$NGSILD_SUITE" "$work/suite"

stop() {
    for one in $servers; do kill "$one" 2>/dev/null || true; done
    "$work/suite/.bin/docker" rm -f >/dev/null 2>&1 || true
}
servers=
trap stop EXIT

# What the suite finds at other places of the network: @contexts.
(cd "$work/suite/resources/jsonld-contexts" && exec python3 -m http.server 8461 --bind 127.0.0.1 >/dev/null 2>&1) &
servers="$servers $!"

step "the program"
case ${ONLY:-} in *IOP*) ports="8450 8451 8452 8453 8454" ;; *) ports=8450 ;; esac
for port in $ports; do
    name=$work/broker-$port
    "${DINH_BIN:-$TARGET/debug/dinh}" serve --config scripts/conformance/dinh.toml --packs e2e/packs \
        --data "$name" --listen "127.0.0.1:$port" >"$name.out" 2>"$name.log" &
    servers="$servers $!"
done
for port in $ports; do
    out=$work/broker-$port.out
    for _ in $(seq 120); do
        grep -q '^Đình: ' "$out" && break
        sleep 1
    done
    grep -q '^Đình: ' "$out" || { cat "${out%.out}.log"; die "the program did not start"; }
done

step "the tests"
cd "$work/suite"
set -- --outputdir "$work/results" --log NONE --report NONE --console dotted
if [ -n "${TEST:-}" ]; then set -- "$@" --test "$TEST"; fi
PATH="$work/suite/.bin:$PATH" "$tools/bin/robot" "$@" \
    --variable b1_url:http://127.0.0.1:8450/ngsi-ld/v1 --variable b2_url:http://127.0.0.1:8451/ngsi-ld/v1 \
    --variable b3_url:http://127.0.0.1:8452/ngsi-ld/v1 --variable b4_url:http://127.0.0.1:8453/ngsi-ld/v1 \
    --variable b5_url:http://127.0.0.1:8454/ngsi-ld/v1 "${ONLY:-TP/NGSI-LD}" >"$work/console" 2>&1 || true
[ -f "$work/results/output.xml" ] || { tail -n 20 "$work/console"; die "the tests did not run"; }
"$tools/bin/python" "$ROOT/scripts/conformance/report.py" "$work/results/output.xml" "$work/failures.txt"
