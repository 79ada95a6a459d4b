#!/usr/bin/env bash
# Installs what is missing of scripts/packages.txt. Does nothing, quickly, when everything is there; safe to run twice.
#
#   scripts/install.sh [--list] [group…]      groups as in the list; build and test if none is named
#   --list                                    prints what is missing, installs nothing; exit 1 if something is
#
# Needs root or sudo only if something is missing. Removes nothing. Names no host: newer versions come from the
# backports of whatever Debian mirror this machine already uses.
set -euo pipefail
export LC_ALL=C

list=$(dirname "$0")/packages.txt
only_list=
groups=()
for argument in "$@"; do
  case $argument in
    --list) only_list=yes ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "install: unknown option $argument; see $0 --help" >&2; exit 2 ;;
    *) groups+=("$argument") ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || groups=(build test)

say() { echo "install: $*"; }
fail() {
  printf 'install: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '         %s\n' "$line" >&2; done
  exit 1
}

# Lines `name` or `name version` of the wanted groups.
wanted() {
  awk -v groups=" ${groups[*]} " '
    { sub(/#.*/, "") }
    /^\[/ { gsub(/[][ \t]/, ""); on = index(groups, " " $0 " "); known[$0]; next }
    on && NF { print $1, ($2 == ">=" ? $3 : "") }
    END { n = split(groups, names, " "); for (i = 1; i <= n; ++i) if (!(names[i] in known)) exit 3 }' "$list"
}

command -v dpkg-query >/dev/null || fail "this script installs Debian packages and found no dpkg here" \
  "on another system, install what scripts/packages.txt lists, then: cmake --preset release && cmake --build --preset release"

declare -A least=()
names=()
lines=$(wanted) || fail "no such group in scripts/packages.txt: ${groups[*]}"
while read -r name version; do
  [ -n "$name" ] || continue
  names+=("$name")
  [ -z "$version" ] || least[$name]=$version
done <<<"$lines"

declare -A installed=()
while read -r name status version; do
  [ "$status" = ii ] && installed[${name%%:*}]=$version
done <<<"$(dpkg-query -W -f '${Package} ${db:Status-Abbrev} ${Version}\n' "${names[@]}" 2>/dev/null || true)"

# A tool that came from elsewhere (nodejs by its vendor brings npm along) is as good as the package.
provided() { case $1 in nodejs) command -v node ;; npm) command -v npm ;; *) false ;; esac >/dev/null 2>&1; }
satisfied() {
  [ -n "${installed[$1]:-}" ] || { provided "$1"; return; }
  [ -z "${least[$1]:-}" ] || dpkg --compare-versions "${installed[$1]}" ge "${least[$1]}"
}

missing=()
for name in "${names[@]}"; do satisfied "$name" || missing+=("$name"); done
[ ${#missing[@]} -gt 0 ] || exit 0
if [ -n "$only_list" ]; then printf '%s\n' "${missing[@]}"; exit 1; fi

say "missing: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif command -v sudo >/dev/null; then
  if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
    fail "sudo asks for a password and there is no terminal to ask on" "run this first, on a terminal:  scripts/install.sh ${groups[*]}"
  fi
  as_root=(sudo env)
else
  fail "packages are missing, and this is neither root nor is there sudo" "as root, run:  scripts/install.sh ${groups[*]}"
fi

apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"; }

# apt waits for dpkg's lock by itself, but not for that of its own lists.
update() {
  local log tries=0
  log=$(mktemp)
  until apt update "$@" >"$log" 2>&1; do
    if grep -q 'Could not get lock' "$log" && [ $((tries += 1)) -le 60 ]; then sleep 5; continue; fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "the package lists could not be fetched" "is there a network, and does 'apt-get update' work on this machine?"
  done
  rm -f "$log"
}

candidate() { apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

# Adds the release's backports from the mirror that serves the release itself, whatever that is.
add_backports() {
  local suite uri key=/usr/share/keyrings/debian-archive-keyring.gpg file
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  backports=$suite-backports
  if apt-get indextargets --format '$(RELEASE)' 2>/dev/null | grep -qx "$backports"; then return; fi
  uri=$(apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' |
    awk -F'|' -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
  [ -n "$uri" ] || fail "no package source for Debian '$suite' main is configured" "see /etc/apt/sources.list"
  file=/etc/apt/sources.list.d/$backports.sources
  say "adding $file (used only for packages that are asked for from there)"
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$backports"
    [ ! -r $key ] || echo "Signed-By: $key"
  } | "${as_root[@]}" tee "$file" >/dev/null
  update -o Dir::Etc::sourcelist="$file" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
}

say "fetching package lists"
update
request=()
for name in "${missing[@]}"; do
  version=${least[$name]:-}
  if [ -n "$version" ] && ! dpkg --compare-versions "$(candidate "$name")" ge "$version"; then
    [ -n "${backports:-}" ] || add_backports
    request+=("$name/$backports")
  else
    [ -n "$(candidate "$name")" ] || fail "no package source of this machine has '$name'" "flowc is built on Debian 12; on another release, install its equivalents by hand"
    request+=("$name")
  fi
done

say "installing ${#missing[@]} packages and what they need (a few minutes on an empty machine)"
log=$(mktemp)
if ! apt install -y --no-install-recommends --no-remove "${request[@]}" >"$log" 2>&1; then
  tail -n 25 "$log" >&2
  if grep -q 'no-remove\|remove is disabled' "$log"; then
    fail "this would remove packages that you have, so nothing was done" "decide yourself:  apt-get install ${request[*]}"
  fi
  fail "apt-get could not install the packages" "its whole output: $log"
fi
rm -f "$log"
say "done"
