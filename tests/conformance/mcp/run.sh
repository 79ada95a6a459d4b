#!/usr/bin/env bash
# Calls tools of an MCP server that is made with the protocol's own SDK: as a program, and over HTTP with a key.
#
#   usage: run.sh FLOWC BUILD_DIR
#
# The SDK comes from npm. Where that cannot be had the test is skipped (77); everything else that is wrong is a failure.
set -euo pipefail

flowc=$1
work=$2/conformance-mcp
here=$(cd "$(dirname "$0")" && pwd)

command -v node > /dev/null && command -v npm > /dev/null || { echo "skipped: node and npm are missing"; exit 77; }
mkdir -p "$work"
cp "$here"/{package.json,server.mjs,diary.flow,caller.script} "$work"
cd "$work"
if ! cmp -s package.json .installed; then
  timeout 100 npm install --no-audit --no-fund --loglevel=error > npm.log 2>&1 || { echo "skipped: the SDK cannot be had from npm"; exit 77; }
  cp package.json .installed
fi

server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true' EXIT

says() {  # what, words…
  local output=$1
  shift
  for words in "$@"; do
    grep -qF -- "$words" <<< "$output" || { echo "FAILED: not there: $words"; echo "$output"; exit 1; }
  done
}

output=$("$flowc" run diary.flow --play --audio none --record none --journal none 2>&1) || { echo "FAILED"; echo "$output"; exit 1; }
says "$output" "free_hours" "nine on monday" "nine for 1"
echo "  passed  as a program"

node server.mjs http > address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
sed 's|mcp exec "node", "server.mjs"|mcp env("DIARY"); auth bearer secret("DIARY_KEY")|' diary.flow > over_http.flow
export DIARY DIARY_KEY=hunter2hunter2
DIARY=$(cat address)
output=$("$flowc" run over_http.flow --play --audio none --record none --journal none 2>&1) || { echo "FAILED"; echo "$output"; exit 1; }
says "$output" "nine on monday" "nine for 1"
echo "  passed  over HTTP"

sed 's|tool reserve(hour: string, seats: int? "how many come")|tool reserve(time: string)|' over_http.flow > other.flow
if output=$("$flowc" run other.flow --play --audio none --record none --journal none 2>&1); then echo "FAILED: a tool that the server does not have"; exit 1; fi
says "$output" "R0212" '`book` takes no `time` there'
if output=$(DIARY_KEY=wrong "$flowc" run over_http.flow --play --audio none --record none --journal none 2>&1); then echo "FAILED: a wrong key"; exit 1; fi
says "$output" "R0207" "answered 401"
echo "conformance: the SDK's server is understood"
