# shellcheck shell=bash
# Real MySQL on Debian 12, which has no package of it: the packages of Debian's unstable suite, from the mirror that
# this machine's apt uses anyway, unpacked beside the system into the cache folder. Nothing gets installed.

[[ -z ${sourced_mysql_binaries:-} ]] || return 0
sourced_mysql_binaries=yes
# shellcheck source=packages.sh
. "${BASH_SOURCE[0]%/*}/packages.sh"

# Pulled in by scripts around the server (mysqld_multi and the like), which we do not use.
readonly k_unneeded_packages='^(perl|libperl|libgdbm|gdbm|libdb5\.3)'

# The newest complete tree in the cache; fails when there is none. Trees appear by rename, so what is there is whole.
cached_mysql_root() {
  local -a roots
  mapfile -t roots < <(find "$(cache_folder)" -mindepth 1 -maxdepth 1 -type d -name 'mysql-*' 2>/dev/null | sort -V)
  ((${#roots[@]})) || return 1
  printf '%s\n' "${roots[-1]}"
}

# The path of the unpacked tree, fetched first if need be.
mysql_root() { cached_mysql_root || { fetch_mysql && cached_mysql_root; }; }

# mysql_loader ROOT: the tree's own dynamic loader; Debian 12's C library is too old for these programs.
mysql_loader() {
  local -a loaders=("$1"/usr/lib/*/ld-linux*.so.*)
  [[ ! -x ${loaders[0]} ]] || printf '%s\n' "${loaders[0]}"
}

# mysql_command ROOT: the words that run the tree's mysqld, NUL-separated.
mysql_command() {
  local root=$1 loader
  loader=$(mysql_loader "$root")
  [[ -n $loader ]] || die "no dynamic loader in $root; remove that folder and try again."
  printf '%s\0' "$loader" --library-path "$(dirname -- "$loader"):$root/usr/lib/mysql/private" "$root/usr/sbin/mysqld"
}

# fetch_mysql: about 65 MB to download, 350 MB unpacked. Runs in a subshell, so that its traps and lock end with it.
fetch_mysql() (
  local cache work
  cache=$(cache_folder)
  make_folder "$cache"
  exec {lock}>"$cache/.lock"
  flock "$lock"
  ! cached_mysql_root >/dev/null || exit 0 # another process fetched it while this one waited
  rm -rf -- "$cache"/.fetch.*              # left by a fetch that was killed
  work=$(mktemp -d -- "$cache/.fetch.XXXXXX")
  # shellcheck disable=SC2064 # expanded now on purpose
  trap "rm -rf -- ${work@Q}" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  prepare_private_apt "$work"
  download_mysql_packages "$work"
  unpack_mysql "$work" "$cache"
)

# The mirror this machine gets Debian from; nothing if unknown.
debian_mirror() {
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Origin: Debian' 'Component: main' "Release: $codename" 2>/dev/null |
    awk '/^(https?|ftp|file):/ && !seen++'
}

# With no package lists (as in a fresh container) apt cannot tell its mirrors, so get them once.
debian_mirror_or_update() {
  local mirror prefix_text
  local -a prefix
  mirror=$(debian_mirror)
  if [[ -n $mirror ]]; then
    printf '%s\n' "$mirror"
    return
  fi
  if prefix_text=$(root_prefix); then
    read -ra prefix <<<"$prefix_text"
    "${prefix[@]}" apt-get -q update >&2 || true
  fi
  debian_mirror
}

apt_privately() {
  local work=$1
  shift
  apt-get -q -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
    -o "Dir::State=$work/state" -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" \
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
    -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@"
}

prepare_private_apt() {
  local work=$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options
  { have_command apt-get && have_command dpkg; } ||
    die "MySQL's packages can be fetched on Debian only; give a server in SLICETOOL_MYSQLD=/path/to/mysqld instead."
  mirror=$(debian_mirror_or_update)
  [[ -n $mirror ]] ||
    die "cannot tell which Debian mirror this machine uses; run 'sudo apt-get update', or give a server in SLICETOOL_MYSQLD."
  options="arch=$(dpkg --print-architecture)"
  [[ ! -r $keyring ]] || options+=" signed-by=$keyring"
  mkdir -- "$work"/{state,lists,cache,debs,root}
  mkdir -- "$work/lists/partial"
  : >"$work/status"
  printf 'deb [%s] %s sid main\n' "$options" "$mirror" >"$work/sources.list"
  info "fetching MySQL's packages from Debian's unstable suite (about 65 MB, once)"
  apt_privately "$work" update >"$work/log" 2>&1 || fetch_failed "$work" "cannot read the package lists of the unstable suite"
}

fetch_failed() {
  tail -n 15 -- "$1/log" >&2
  die "$2; apt's messages stand above. A ready server may be given in SLICETOOL_MYSQLD=/path/to/mysqld."
}

mysql_package_names() {
  apt_privately "$1" install --simulate --no-install-recommends mysql-server-core mysql-client-core 2>"$1/log" |
    awk '$1 == "Inst" { print $2 }' | grep -Ev "$k_unneeded_packages"
}

download_mysql_packages() {
  local work=$1
  local -a names
  mapfile -t names < <(mysql_package_names "$work")
  ((${#names[@]})) || fetch_failed "$work" "the unstable suite has no installable mysql-server-core now"
  (cd -- "$work/debs" && apt_privately "$work" download "${names[@]}") >"$work/log" 2>&1 </dev/null ||
    fetch_failed "$work" "cannot download MySQL's packages"
}

unpack_mysql() {
  local work=$1 cache=$2 package version
  info "unpacking MySQL"
  for package in "$work"/debs/*.deb; do
    dpkg-deb -x "$package" "$work/root" || die "cannot unpack ${package##*/}."
  done
  version=$(dpkg-deb -f "$work"/debs/mysql-server-core_*.deb Version)
  try_mysql "$work/root"
  mv -T -- "$work/root" "$cache/mysql-${version//[^A-Za-z0-9.+~-]/_}"
  info "MySQL $version is ready in $cache"
}

try_mysql() {
  local -a command
  mapfile -d '' -t command < <(mysql_command "$1")
  "${command[@]}" --no-defaults --version >/dev/null || die "the unpacked MySQL does not run on this machine."
}
