#!/usr/bin/env bash
# Runs the tests once more under ASan and UBSan, one test program after the other: what decides about a call and what reads
# bytes from outside goes first.
#
#   scripts/sanitize.sh [MINUTES]      builds nothing more after so many minutes, ends four minutes later, and says what it did
#                                      not come to
#
# Fails if a test fails or a sanitizer finds something.
set -euo pipefail
cd "$(dirname "$0")/.."

limit=$((${1:-1000000} * 60))
first=(core_test wire_openai_test wire_test json_test lua_test net_test base_test parse_test format_test ir_test audio_tests store_test check_test lower_test
  tools_test mcp_test channels_tests edge_test rehearse_test)

cmake --preset sanitizers --log-level=WARNING >/dev/null
programs=()
for program in "${first[@]}"; do grep -qx "$program" build/sanitizers/test_programs.txt && programs+=("$program"); done
while read -r program; do [[ " ${first[*]} " = *" $program "* ]] || programs+=("$program"); done <build/sanitizers/test_programs.txt

run=() left=() failed=()
for program in "${programs[@]}"; do
  remains=$((limit - SECONDS))
  if [ $remains -le 0 ]; then left+=("$program"); continue; fi
  echo "== $program"
  code=0
  timeout "$remains" cmake --build --preset sanitizers -j "$(nproc)" --target "$program" >build/sanitizers/build.log 2>&1 || code=$?
  if [ $code != 0 ] && [ $code != 124 ]; then cat build/sanitizers/build.log; fi
  if [ $code = 0 ]; then timeout $((limit + 240 - SECONDS)) ctest --preset sanitizers -R "^$program: " --progress || code=$?; fi
  case $code in
    0) run+=("$program") ;;
    124) left+=("$program") ;;
    *) failed+=("$program") ;;
  esac
done

echo
echo "sanitizers: ${#run[@]} of ${#programs[@]} test programs run, ${#failed[@]} failed${failed[*]:+: ${failed[*]}}"
[ ${#left[@]} = 0 ] || echo "sanitizers: no time left for ${left[*]}"
[ ${#failed[@]} = 0 ]
