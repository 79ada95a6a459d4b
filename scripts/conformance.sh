#!/usr/bin/env bash
# Drives the simulated service with the vendors' own clients, and checks every event that they, it and `flowc run`
# exchange against the vendors' types.
#
#   FLOW_CONFORMANCE=FOLDER    where the clients and the validator are; its README.md says what they do
#
# Exit code 75: it could not be tried here (no such folder, no node, no network); the reason is the last line.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${FLOW_CONFORMANCE:-../shared/conformance}
flowc=$PWD/build/release/cli/flowc
work=$PWD/build/conformance
skip() { echo "$1"; exit 75; }

[ -f "$tools/validate-events.mjs" ] || skip "no conformance tools at $tools; FLOW_CONFORMANCE names their folder"
[ -x "$flowc" ] || { echo "build flowc first: make flowc" >&2; exit 1; }
scripts/install.sh conformance || skip "node and npm are not there and could not be installed"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip "the vendors' clients ask for node 20 or later; this is $(node --version)"

mkdir -p "$work"
cp -R --no-preserve=mode "$tools/." "$work"
cd "$work"
if ! cmp -s package-lock.json .installed 2>/dev/null; then
  npm ci --silent --no-audit --no-fund >npm.log 2>&1 || skip "npm could not fetch the clients: $(grep -m1 -i error npm.log || echo see "$work/npm.log")"
  npm test --silent >npm-test.log 2>&1 || { tail -n 20 npm-test.log; exit 1; }
  cp package-lock.json .installed
fi

failures=0
# step NAME COMMAND…: prints the command's last line, or its end if it failed.
step() {
  local name=$1
  shift
  if "$@" >"$name.log" 2>&1; then printf 'passed  %-34s %s\n' "$name" "$(tail -n 1 "$name.log")"
  else printf 'FAILED  %-34s see %s\n' "$name" "$work/$name.log"; tail -n 15 "$name.log"; failures=$((failures + 1)); fi
}

# A fresh service for every client, so that each wire log is one connection's. Sets `port`; ends with `hang_up`.
serve() {
  rm -f "$1" serve.out
  "$flowc" simulate --listen 127.0.0.1:0 --wire "$1" --seed 1 >serve.out 2>&1 &
  server=$!
  # It prints its address once it listens; `tail` waits for the line, and for no longer than the server lives.
  port=$(timeout 10 tail -n +1 -F --pid="$server" serve.out 2>/dev/null | sed -un 's|.*ws://[^/]*:\([0-9]*\)/.*|\1|p;T;q')
  [ -n "$port" ] || { echo "the simulated service did not start:"; cat serve.out; exit 1; }
}
hang_up() { kill -INT "$server" && wait "$server" || true; }
trap 'kill "${server:-}" 2>/dev/null || true' EXIT

url() { echo "ws://127.0.0.1:$port/v1/realtime?model=gpt-realtime"; }
for client in openai-agents openai; do
  serve "server-$client.jsonl"
  if [ $client = openai ]; then wants=(--require text,tool,audio,truncate,errors); else wants=(); fi
  step "$client" node "client-$client.mjs" --url "$(url)" --log "client-$client.jsonl" "${wants[@]}"
  hang_up
  step "$client-wire" node validate-events.mjs "client-$client.jsonl" --dialect openai --sequence
  step "$client-wire-of-the-service" node validate-events.mjs "server-$client.jsonl" --dialect openai --perspective server --allow-unknown
done

step flowc-run "$flowc" run "$OLDPWD/flows/support/support.flow" --play --quiet --wire flowc.jsonl --record flowc.wav --journal flowc.journal
step flowc-run-wire node validate-events.mjs flowc.jsonl --dialect openai --sequence

echo "$failures of the conformance steps failed"
[ "$failures" = 0 ]
