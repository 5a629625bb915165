# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of a record: pid, datadir, socket, …
# One private server: its folder, its record, starting and stopping its process.
#
# BASE/NAME/ holds data/, tmp/, server.log, socket (or a link to it) and `record`, which names what runs.

[[ -z ${sourced_server_state:-} ]] || return 0
sourced_server_state=yes
# shellcheck source=server_families.sh
. "${BASH_SOURCE[0]%/*}/server_families.sh"

# Linux allows 107 bytes; MySQL's "SOCKET.lock" is an ordinary file and may be longer.
readonly k_max_socket_bytes=107
# Seconds; a slow disk may take long to make the first files, and a killed server to recover.
readonly k_start_seconds=${SLICETOOL_SERVER_TIMEOUT:-120}
readonly k_stop_seconds=60
# MariaDB hangs for good when SIGTERM comes at a bad moment of its start (1 in 40); killed then, it loses nothing.
readonly k_abandon_seconds=3
# Below the kernel's ephemeral range (32768 and up), where outgoing connections take ports.
readonly k_first_port=20000 k_last_port=32000

require_name() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] ||
    usage_error "'$1' is no server name: letters, digits, dot, hyphen and underscore, starting with a letter or digit."
}

# A record is shell assignments, written whole by rename.
write_record() {
  local folder=$1 key
  for key in family version datadir socket port pid; do
    printf '%s=%q\n' "$key" "${!key}"
  done >"$folder/record.new"
  mv -f -- "$folder/record.new" "$folder/record"
}

# Sets family, version, datadir, socket, port, pid.
# shellcheck disable=SC2034 # for the callers
read_record() {
  [[ -r $1/record ]] || die "there is no server '${1##*/}' in ${1%/*}; 'scripts/servers list' shows those there are."
  # shellcheck disable=SC1091
  . "$1/record"
}

# process_is_ours PID DATADIR: the process lives and is the server of that data folder. A zombie has no command line.
process_is_ours() {
  [[ -n $1 && -r /proc/$1/cmdline ]] &&
    tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | grep -Fxq -e "--datadir=$2"
}

port_is_free() {
  local hex
  printf -v hex ':%04X' "$1"
  ! awk '{ print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "$hex\$"
}

free_port() {
  local port
  while :; do
    port=$((k_first_port + (RANDOM * 32768 + RANDOM) % (k_last_port - k_first_port)))
    if port_is_free "$port"; then
      printf '%s\n' "$port"
      return
    fi
  done
}

# A path for the socket that the kernel accepts.
socket_path() {
  local path=$1/socket
  if (($(byte_length "$path") > k_max_socket_bytes)); then
    path=$(mktemp -d /tmp/slicetool-socket.XXXXXX)/socket
  fi
  printf '%s\n' "$path"
}

# remove_socket SOCKET FOLDER: with the temporary folder that socket_path may have made.
remove_socket() {
  rm -f -- "$1" "$1.lock"
  [[ ${1%/*} == "$2" ]] || rmdir -- "${1%/*}" 2>/dev/null || true
}

run_client() {
  mariadb --no-defaults --default-character-set=utf8mb4 --socket="$1" --user=root "${@:2}"
}

# A refused login is an answer too: somebody gave root a password.
server_answers() {
  local text
  text=$(run_client "$1" --connect-timeout=5 --execute='DO 0' 2>&1 </dev/null) || [[ $text == *"ERROR 1045"* ]]
}

show_log() {
  printf -- '--- end of %s ---\n' "$1" >&2
  tail -n 20 -- "$1" >&2 || true
}

# launch LOG COMMAND...: runs it detached: own session, no open files of ours. Sets pid.
launch() {
  local log=$1
  shift
  (
    local file
    for file in /proc/self/fd/*; do
      file=${file##*/}
      ((file <= 2)) || eval "exec $file>&-"
    done 2>/dev/null
    exec setsid "$@" </dev/null >>"$log" 2>&1
  ) &
  pid=$!
}

# wait_until_ready FOLDER: returns 0 ready, 1 the process ended, 2 too slow. Uses pid, socket.
wait_until_ready() {
  local deadline=$((SECONDS + k_start_seconds))
  while ((SECONDS < deadline)); do
    [[ -d /proc/$pid && $(process_state "$pid") != Z ]] || return 1
    if server_answers "$socket"; then return 0; fi
    sleep 0.1
  done
  return 2
}

# The state letter of a process; the name before it, in parentheses, may hold anything.
process_state() {
  local text
  text=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  text=${text##*) }
  printf '%s\n' "${text%% *}"
}

wait_until_gone() {
  local deadline=$((SECONDS + $3))
  while process_is_ours "$1" "$2"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# stop_process PID DATADIR [SECONDS]: by SIGTERM, which both families take as a clean shutdown; at last by SIGKILL.
stop_process() {
  local seconds=${3:-$k_stop_seconds}
  process_is_ours "$1" "$2" || return 0
  kill -TERM "$1" 2>/dev/null || true
  if wait_until_gone "$1" "$2" "$seconds"; then return 0; fi
  warn "process $1 did not end within $seconds s; killing it."
  kill -KILL "$1" 2>/dev/null || true
  wait_until_gone "$1" "$2" 10 || die "process $1 cannot be ended."
}
