# shellcheck shell=bash
# Running children so that a signal to the script ends them at once.

[[ -z ${sourced_processes:-} ]] || return 0
sourced_processes=yes

# The process groups that run now.
running_groups=()

# start_group COMMAND...: in the background, as a process group of its own (which `set -m` does) with default signals.
start_group() {
  set -m
  "$@" </dev/null &
  set +m
  running_groups+=("$!")
}

# Waits for all groups; fails as the last that failed.
wait_for_groups() {
  local group status=0
  for group in "${running_groups[@]}"; do
    wait "$group" || status=$?
  done
  running_groups=()
  return "$status"
}

# run_group COMMAND...: as in the foreground, but a trapped signal interrupts the waiting.
run_group() {
  start_group "$@"
  wait_for_groups
}

# For the EXIT trap.
end_groups() {
  local group
  for group in "${running_groups[@]}"; do
    kill -TERM -- "-$group" 2>/dev/null || true
  done
  wait_for_groups || true
}
