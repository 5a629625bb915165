# shellcheck shell=bash
# What differs between MariaDB and MySQL: finding the program, making a data folder, the options to start with.

[[ -z ${sourced_server_families:-} ]] || return 0
sourced_server_families=yes
# shellcheck source=mysql_binaries.sh
. "${BASH_SOURCE[0]%/*}/mysql_binaries.sh"

# Set by find_server: the words that run the server, its prefix (empty if it knows its places itself), its version.
server_command=()
server_root=''
server_version=''

# MariaDB's client talks to both families.
find_client() {
  have_command mariadb || need_packages mariadb-client-core
}

# find_server FAMILY
find_server() {
  case $1 in
    mariadb) find_mariadb ;;
    mysql) find_mysql ;;
    *) usage_error "'$1' is neither mariadb nor mysql." ;;
  esac
  check_family "$1"
}

find_mariadb() {
  local program=${SLICETOOL_MARIADBD:-} PATH=$PATH:/usr/sbin
  if [[ -z $program ]]; then
    { have_command mariadbd && have_command mariadb-install-db; } || need_packages "${k_mariadb_packages[@]}"
    program=$(command -v mariadbd)
  fi
  require_program "$program" SLICETOOL_MARIADBD
  server_command=("$program")
  server_root=$(dirname -- "$(dirname -- "$(readlink -f -- "$program")")")
}

find_mysql() {
  server_root=''
  if [[ -n ${SLICETOOL_MYSQLD:-} ]]; then
    require_program "$SLICETOOL_MYSQLD" SLICETOOL_MYSQLD
    server_command=("$SLICETOOL_MYSQLD")
  else
    server_root=$(mysql_root)
    mapfile -d '' -t server_command < <(mysql_command "$server_root")
  fi
}

require_program() {
  [[ -f $1 && -x $1 ]] || die "$2=$1 is not a program."
}

# Debian calls MariaDB's program mysqld as well, so look at what it says.
# shellcheck disable=SC2034 # server_version is for the files that source this one
check_family() {
  local text found=mysql
  text=$("${server_command[@]}" --no-defaults --version 2>&1) || die "${server_command[*]} does not run: $text"
  [[ $text != *MariaDB* ]] || found=mariadb
  [[ $found == "$1" ]] || die "${server_command[-1]} is $found, not $1."
  server_version=$(sed -E 's/.* Ver ([^ ]+).*/\1/; s/-MariaDB.*//' <<<"$text")
}

# make_data_folder FAMILY FOLDER LOG: creates FOLDER, which must not exist, with a passwordless root.
make_data_folder() { "make_${1}_data" "$2" >>"$3" 2>&1 </dev/null; }

as_root_option() { if is_root; then printf '%s\n' --user=root; fi; }

mariadb_installer() {
  local candidate
  for candidate in "$server_root"/{bin,scripts}/mariadb-install-db "$(command -v mariadb-install-db)"; do
    [[ ! -x $candidate ]] || { printf '%s\n' "$candidate" && return; }
  done
  die "no mariadb-install-db beside ${server_command[0]}."
}

# The installer does not quote its folder everywhere, so it gets a plain relative name. A MariaDB that starts removes
# other servers' temporary tables from a folder that it shares with them, so the installer's server gets its own.
make_mariadb_data() {
  local folder=$1 installer
  local -a user
  installer=$(mariadb_installer) || return
  mapfile -t user < <(as_root_option)
  (
    cd -- "$(dirname -- "$folder")" || exit
    TMPDIR=$PWD/tmp "$installer" --no-defaults "${user[@]}" --basedir="$server_root" --datadir="./$(basename -- "$folder")" \
      --skip-test-db --skip-name-resolve --auth-root-authentication-method=normal
  )
}

# --initialize makes root@localhost only; without name resolution TCP needs root@127.0.0.1 too.
make_mysql_data() {
  local folder=$1 statements=$1.sql status=0
  local -a options
  cat >"$statements" <<'SQL'
CREATE USER root@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
GRANT PROXY ON ``@`` TO root@'127.0.0.1' WITH GRANT OPTION;
SQL
  mapfile -t options < <(mysql_place_options && as_root_option)
  "${server_command[@]}" --no-defaults "${options[@]}" --datadir="$folder" --innodb-use-native-aio=OFF \
    --init-file="$statements" --initialize-insecure || status=$?
  rm -f -- "$statements"
  return "$status"
}

# One option a line. A server given by the environment knows its own places.
mysql_place_options() {
  [[ -z $server_root ]] ||
    printf '%s\n' "--basedir=$server_root/usr" "--lc-messages-dir=$server_root/usr/share/mysql" \
      "--plugin-dir=$server_root/usr/lib/mysql/plugin"
}

# family_options FAMILY BUFFER_POOL: the settings for servers that tests and benchmarks use, one a line. Redo is
# written but not flushed at commit: a killed server loses nothing, a crashed machine may. Native AIO runs out of
# slots when many servers share a machine.
family_options() {
  as_root_option
  printf '%s\n' --bind-address=127.0.0.1 --skip-name-resolve --innodb-use-native-aio=OFF \
    --innodb-flush-log-at-trx-commit=2 --sync-binlog=0 "--innodb-buffer-pool-size=$2"
  case $1 in
    mariadb) printf '%s\n' "--basedir=$server_root" --character-set-server=utf8mb4 ;;
    mysql) mysql_place_options && printf '%s\n' --mysqlx=OFF --secure-file-priv=NULL ;;
  esac
}

# binlog_options FAMILY on|off|default
binlog_options() {
  case $2 in
    on) printf '%s\n' --log-bin=binlog --binlog-format=ROW --server-id=1 ;;
    off) printf '%s\n' --skip-log-bin ;;
  esac
}
