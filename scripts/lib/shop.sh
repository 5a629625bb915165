# shellcheck shell=bash
# The database of the demo: making it, changing it, looking at it. Uses the caller's `servers` and `rows`.

[[ -z ${sourced_shop:-} ]] || return 0
sourced_shop=yes
: "${rows:=0}"
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

shop_sql=${BASH_SOURCE[0]%/*}

# shop_query SERVER SQL: rows as tab-separated lines.
shop_query() { servers connect "$1" --batch --skip-column-names --execute="$2" </dev/null; }

# shop_run SERVER FILE…: the files in one session, in which @rows is set.
shop_run() {
  local server=$1
  shift
  { printf 'SET @rows := %d;\n' "$rows" && cat -- "$@"; } | servers connect "$server" --batch --skip-column-names shop
}

shop_create() {
  shop_query "$1" 'CREATE DATABASE shop CHARACTER SET utf8mb4' &&
    shop_run "$1" "$shop_sql/shop_schema.sql" "$shop_sql/shop_data.sql" &&
    shop_query "$1" "$(shop_each_table "$1" "CONCAT('ANALYZE TABLE shop.', table_name, ';')")" >/dev/null
}

# Prints three numbers: rows updated, inserted, deleted.
shop_change() { shop_run "$1" "$shop_sql/shop_changes.sql"; }

# shop_each_table SERVER EXPRESSION: its value for each table.
shop_each_table() {
  shop_query "$1" "SELECT $2 FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY table_name"
}

# Table, exact rows, bytes of data without secondary indexes.
shop_tables() {
  shop_query "$1" "$(shop_each_table "$1" \
    "CONCAT('SELECT ''', table_name, ''', COUNT(*), ', data_length, ' FROM shop.', table_name, ';')")"
}

# Three numbers that the server itself counted since its start: bytes sent, rows written, rows deleted.
shop_counters() {
  shop_query "$1" "SELECT variable_value FROM information_schema.global_status
    WHERE variable_name IN ('BYTES_SENT', 'HANDLER_WRITE', 'HANDLER_DELETE')
    ORDER BY FIELD(variable_name, 'BYTES_SENT', 'HANDLER_WRITE', 'HANDLER_DELETE')"
}
