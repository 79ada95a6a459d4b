#!/usr/bin/env bash
# Runs the vendors' own clients against `flowc simulate`, and holds every event of both sides against the vendors' types
# and the order they promise.
#
#   usage: run.sh FLOWC BUILD_DIR
#
# The clients and the validator are not part of this project: they come from the conformance folder, by default the one
# beside the checkout, else the one that FLOW_CONFORMANCE names. It is copied into the build folder first. Without it
# there is nothing to run and the test is skipped (77); everything else that is missing is a failure.
set -euo pipefail

flowc=$1
build=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${FLOW_CONFORMANCE:-$root/../shared/conformance}
work=$build/conformance

if [ ! -f "$folder/package.json" ]; then
  echo "skipped: there is no conformance folder at $folder; name it with FLOW_CONFORMANCE"
  exit 77
fi
for tool in node npm; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: install the packages nodejs and npm"; exit 1; }
done

mkdir -p "$work"
tar -C "$folder" --exclude=node_modules --exclude=schemas -cf - . | tar -C "$work" -xf -
cd "$work"
if ! cmp -s package-lock.json .installed-lock; then
  npm ci --no-audit --no-fund --loglevel=error
  rm -rf schemas
  cp package-lock.json .installed-lock
fi

server=
stop_server() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; }
  server=
}
trap stop_server EXIT

failed=0
judge() {  # what, command…
  local what=$1 log
  shift
  log=$(mktemp "$work/output.XXXXXX")
  if "$@" > "$log" 2>&1; then
    echo "  passed  $what: $(tail -n 1 "$log")"
    rm -f "$log"
  else
    echo "  FAILED  $what"
    sed 's/^/          /' "$log"
    failed=1
  fi
}

# One server, one connection of each client, all logs checked. The logs of a name are NAME-*.jsonl.
talk() {  # name, options of the server…
  local name=$1 line url
  shift
  echo "$name:"
  rm -f "$name"-*.jsonl "$name.fifo"
  mkfifo "$name.fifo"
  "$flowc" simulate --listen 127.0.0.1:0 --seed 7 --wire "$work/$name-server.jsonl" "$@" > "$name.fifo" &
  server=$!
  exec 3< "$name.fifo"
  if ! read -r -t 30 line <&3 || [ "${line#listening on }" = "$line" ]; then
    echo "  FAILED  flowc simulate does not say where it listens: ${line:-nothing}"
    exit 1
  fi
  url="${line#listening on }?model=gpt-realtime"
  judge "openai client" node client-openai.mjs --url "$url" --require text,tool,audio,truncate,errors --log "$name-openai.jsonl"
  judge "openai-agents client" node client-openai-agents.mjs --url "$url" --require text,tool,handoff,audio --log "$name-agents.jsonl"
  exec 3<&-
  stop_server
  judge "the openai client's log" node validate-events.mjs "$name-openai.jsonl" --sequence
  judge "the openai-agents client's log" node validate-events.mjs "$name-agents.jsonl" --sequence
  judge "the server's log of the first" node validate-events.mjs "$name-server.jsonl" --perspective server --sequence
  judge "the server's log of the second" node validate-events.mjs "$name-server.2.jsonl" --perspective server --sequence
}

# Our own client: the support call, played through, and every event of it.
call() {
  echo "flowc run:"
  judge "the support call" "$flowc" run "$root/flows/support/support.flow" --play --quiet --wire "$work/run.jsonl" --record none --journal none
  judge "flowc's log" node validate-events.mjs run.jsonl --sequence
}

call
talk plain
talk misbehaving --chaos delay,reorder

if [ "$failed" = 0 ]; then echo "conformance: everything passed"; else echo "conformance: failed"; fi
exit "$failed"
