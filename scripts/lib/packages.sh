# shellcheck shell=bash
# Which Debian packages each purpose needs, and installing those that are missing.
# shellcheck disable=SC2034 # the lists are for the files that source this one

[[ -z ${sourced_packages:-} ]] || return 0
sourced_packages=yes
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

readonly -a k_build_packages=(
  g++ cmake ninja-build pkg-config
  libmysqlcppconn-dev libmariadb-dev libcli11-dev libssl-dev libyaml-cpp-dev libspdlog-dev libfmt-dev
  nlohmann-json3-dev libsqlitecpp-dev libzstd-dev libgtest-dev libgmock-dev
)

# Used where present.
readonly -a k_build_extras=(ccache)

# The -core packages hold the programs only; nothing here starts a service.
readonly -a k_mariadb_packages=(mariadb-server-core mariadb-client-core)

# For the list of traps and the proxy; python3-minimal has no asyncio.
readonly -a k_python_packages=(python3)

# mariadb-client for mariadb-dump; the rest are the rivals.
readonly -a k_bench_packages=(mariadb-client percona-toolkit mydumper "${k_python_packages[@]}")

# libFuzzer and the sanitizers' runtime are clang's.
readonly -a k_fuzz_packages=(clang libclang-rt-14-dev)

# dpkg-dev and file are for building the .deb.
readonly -a k_developer_packages=(clang-format clang-tidy shellcheck dpkg-dev file)

readonly -a k_coverage_packages=(gcovr)

# git checks that the bugs which the random search must find can still be planted.
readonly -a k_test_packages=(git "${k_python_packages[@]}")

# Draws the HTML report.
readonly -a k_browser_packages=(chromium-headless-shell)

package_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
  local package
  for package in "$@"; do
    package_installed "$package" || printf '%s\n' "$package"
  done
}

# How to run a command as root: prints nothing for root, a prefix for sudo; fails when there is no way.
root_prefix() {
  if is_root; then return 0; fi
  have_command sudo && sudo -n true 2>/dev/null && printf 'sudo -n'
}

# want_packages PACKAGE...: installs them if that can be done without asking anybody.
want_packages() {
  if root_prefix >/dev/null; then need_packages "$@"; fi
}

# need_packages PACKAGE...: all of them are installed afterwards; else says how to, and exits 2.
need_packages() {
  local -a missing prefix
  local prefix_text
  if ! have_command dpkg-query; then
    warn "this is not a Debian system; going on without checking for: $*"
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ! prefix_text=$(root_prefix); then
    info "some Debian packages are missing and I am not root; please run this, then try again:"
    printf 'sudo apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
    exit "$k_status_usage"
  fi
  read -ra prefix <<<"$prefix_text"
  info "installing ${missing[*]}"
  install_packages "${missing[@]}"
}

# Uses the caller's `prefix`. A failed update (say, of somebody's third-party source) need not stop the installation.
install_packages() {
  local -a apt=("${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >&2 || warn "apt-get update failed; trying with the package lists at hand."
  "${apt[@]}" install -y --no-install-recommends "$@" >&2 </dev/null ||
    die "apt-get could not install: $*. Its messages stand above."
}
