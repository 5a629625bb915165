# shellcheck shell=bash
# Messages, paths and small helpers that every script here shares. To be sourced, as all in this folder; it runs nothing.

[[ -z ${sourced_common:-} ]] || return 0
sourced_common=yes

# Exit statuses: 1 something failed, 2 the caller must do something first (usage, missing package).
readonly k_status_failed=1 k_status_usage=2

program_name=${0##*/}

info() { printf '%s: %s\n' "$program_name" "$*" >&2; }
warn() { printf '%s: warning: %s\n' "$program_name" "$*" >&2; }

die() {
  printf '%s: error: %s\n' "$program_name" "$*" >&2
  exit "$k_status_failed"
}

usage_error() {
  printf '%s: error: %s\nTry: %s --help\n' "$program_name" "$*" "$0" >&2
  exit "$k_status_usage"
}

# need_value OPTION COUNT: COUNT arguments are left, OPTION's own included.
need_value() { (($2 >= 2)) || usage_error "$1 needs a value."; }

have_command() { command -v "$1" >/dev/null 2>&1; }

is_root() { [[ $(id -u) == 0 ]]; }

# The folder of the project, whatever the current folder and however the script was called.
project_root() { dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")"; }

# An absolute path without resolving symbolic links, so that it reads as the user wrote it.
absolute_path() { realpath -ms -- "$1"; }

make_folder() {
  local reason
  reason=$(mkdir -p -- "$1" 2>&1) || die "cannot create the folder $1: ${reason##*: }."
  [[ -w $1 ]] || die "cannot write into the folder $1."
}

# Where downloads are kept between runs. `~` is right even where HOME is unset.
cache_folder() {
  local home=~
  printf '%s/slicetool\n' "${SLICETOOL_CACHE:-${XDG_CACHE_HOME:-$home/.cache}}"
}

# The number of bytes, not characters, of a text.
byte_length() {
  local LC_ALL=C
  printf '%s\n' "${#1}"
}

# url_encode TEXT: every byte but unreserved characters and the slash becomes %XX.
url_encode() {
  local LC_ALL=C text=$1 out='' byte code i
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case $byte in
      [A-Za-z0-9/._~-]) out+=$byte ;;
      *)
        printf -v code '%d' "'$byte"
        printf -v byte '%%%02X' $((code & 255))
        out+=$byte
        ;;
    esac
  done
  printf '%s\n' "$out"
}
