# shellcheck shell=bash
# The MariaDB and MySQL servers that tests run on, and their names in the environment.

[[ -z ${sourced_test_servers:-} ]] || return 0
sourced_test_servers=yes
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"
# shellcheck source=processes.sh
. "${BASH_SOURCE[0]%/*}/processes.sh"

# The caller may set these before set_up_servers. Of each family there are the servers a and b; c and d are for the
# random search, e and f for tests that change the settings of whole servers, which it does, too.
with_mysql=yes servers_dir='' server_letters=(a b)

temporary=no wanted=() started=()

servers() { "$(project_root)/scripts/servers" "$1" --dir "$servers_dir" "${@:2}"; }

prepare_folder() {
  [[ -z $servers_dir ]] || return 0
  servers_dir=$(mktemp -d -- "${TMPDIR:-/tmp}/slicetool-test.XXXXXX")
  temporary=yes
}

# Before the servers start together, so that they need not wait for each other; and only this may fail on a laptop.
prepare_mysql() {
  [[ $with_mysql == yes && -z ${SLICETOOL_MYSQLD:-} ]] || return 0
  run_group "$(project_root)/scripts/servers" fetch mysql >/dev/null && return 0
  [[ ${CI:-} != true ]] || die "no MySQL server to test on."
  warn "no MySQL server to test on; its tests will be skipped."
  with_mysql=no
}

# These servers outlive a kill -9, but not the machine: what they hold can be made again.
unsynced() {
  printf '%s\n' --innodb-flush-method=nosync --innodb-doublewrite=OFF
  [[ $1 != mariadb ]] || printf '%s\n' --debug-no-sync --sync-frm=OFF
}

start_servers() {
  local name options
  wanted=("${server_letters[@]/#/mariadb-}")
  [[ $with_mysql == no ]] || wanted+=("${server_letters[@]/#/mysql-}")
  for name in "${wanted[@]}"; do
    ! server_runs "$name" || continue
    started+=("$name")
    mapfile -t options < <(unsynced "${name%-?}")
    start_group servers start "${name%-?}" "$name" -- "${options[@]}"
  done
  wait_for_groups || die "not all servers started."
}

# A process, not a source: its variables stay out of here.
server_runs() (
  settings=$(servers env "$1" 2>/dev/null) || exit 1
  eval "$settings"
  [[ -n ${pid:-} ]]
)

export_urls() {
  local name variable
  unset "${!SLICETOOL_TEST_MARIADB_@}" "${!SLICETOOL_TEST_MYSQL_@}"
  for name in "${wanted[@]}"; do
    variable=${name^^}
    variable=SLICETOOL_TEST_${variable//-/_}
    export "$variable=$(servers url "$name")"
    export "${variable}_TCP=$(servers url --tcp "$name")"
  done
}

# A server that died meanwhile explains failed tests better than they do.
check_servers() {
  local name
  for name in "${wanted[@]}"; do
    server_runs "$name" && continue
    warn "the server $name died during the tests; the end of its log:"
    tail -n 30 -- "$servers_dir/$name/server.log" >&2
    return 1
  done
}

# Tests that start servers of their own have a home of their own, too, and would fetch them anew.
keep_cache() {
  local cache
  cache=$(cache_folder)
  export SLICETOOL_CACHE=${cache%/slicetool}
}

set_up_servers() {
  prepare_folder
  keep_cache
  prepare_mysql
  start_servers
  export_urls
}

# Only the temporary folder's data go.
stop_servers() {
  local name
  local -a purge=()
  [[ $temporary == no ]] || purge=(--purge)
  for name in "${started[@]}"; do
    [[ ! -e $servers_dir/$name/record ]] || servers stop "$name" "${purge[@]}" 2>/dev/null &
  done
  wait
  [[ $temporary == no ]] || rm -rf -- "$servers_dir"
}
