#!/usr/bin/env bash
# Runs every program of tests/fuzz for some seconds, built with the sanitizers, from a seed that it prints.
#
#   scripts/fuzz.sh [SECONDS [SEED]]      10 seconds each, and a new seed every day
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
seed=${2:-$(date +%Y%m%d)}
programs=()
for source in tests/fuzz/*_fuzz.cpp; do programs+=("$(basename "$source" .cpp)"); done

cmake --preset sanitizers --log-level=WARNING >/dev/null
cmake --build --preset sanitizers -j "$(nproc)" --target "${programs[@]}"
failed=0
for program in "${programs[@]}"; do
  echo "== $program --seconds $seconds --seed $seed"
  "$(find build/sanitizers -name "$program" -type f -perm -u+x | head -n 1)" --seconds "$seconds" --seed "$seed" || failed=1
done
exit $failed
