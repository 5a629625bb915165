"""Runs a contestant once, and measures: time, what the servers counted, the client's memory and processor time."""

import contextlib
import dataclasses
import os
import select
import signal
import subprocess
import tempfile
import time

from servers import Counters, on_both


@dataclasses.dataclass
class Run:
    seconds: float
    up: Counters
    down: Counters
    client_mib: float = 0.0
    client_cpu: float = 0.0
    failure: str = ""
    """Why the result does not count; empty if the tables are equal afterwards."""
    over_limit: bool = False

    @property
    def server_cpu(self):
        return self.up.cpu_seconds + self.down.cpu_seconds


class Pipeline:
    """Processes joined by pipes, in process groups of their own, each under GNU time: a child of this process would count
    this process's memory as its own peak."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.reports = []
        self.errors = tempfile.TemporaryFile(dir=folder)

    def start(self, commands):
        stdin = subprocess.DEVNULL
        for number, command in enumerate(commands):
            descriptor, report = tempfile.mkstemp(dir=self.folder, prefix="time.")
            os.close(descriptor)
            last = number == len(commands) - 1
            process = subprocess.Popen(
                ["time", "--quiet", "--format=%M %U %S", f"--output={report}", *command],
                stdin=stdin, stdout=subprocess.DEVNULL if last else subprocess.PIPE, stderr=self.errors, start_new_session=True,
            )
            if stdin is not subprocess.DEVNULL:
                stdin.close()
            stdin = process.stdout
            self.processes.append(process)
            self.reports.append(report)

    def wait(self, deadline):
        """Returns the exit statuses, or None at the deadline."""
        return [process.wait() for process in self.processes] if all(ended(each, deadline) for each in self.processes) else None

    def kill(self):
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def usage(self):
        """Peak memory in MiB and processor seconds, of all processes together."""
        kib = seconds = 0.0
        for report in self.reports:
            with open(report, encoding="utf8") as file:
                words = file.read().split()
            if len(words) == 3:
                kib += float(words[0])
                seconds += float(words[1]) + float(words[2])
        return kib / 1024, seconds

    def last_words(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return " / ".join(lines[-3:])


def ended(process, deadline):
    """Waits for it. Popen.wait(timeout) looks every 50 ms only, which would blur the measurement."""
    descriptor = os.pidfd_open(process.pid)
    try:
        return bool(select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0])
    finally:
        os.close(descriptor)


def run_pipelines(contestant, work, deadline, run):
    """Fills in the client's side of `run`. Whatever happens, no process is left."""
    pipelines = []
    try:
        for commands in contestant.pipelines(work):
            pipelines.append(Pipeline(work.folder))
            pipelines[-1].start(commands)
            if not contestant.at_once:
                finish(pipelines[-1], contestant, deadline, run)
                if run.failure:
                    return
        if contestant.at_once:
            for pipeline in pipelines:
                finish(pipeline, contestant, deadline, run)
    finally:
        for pipeline in pipelines:
            pipeline.kill()


def finish(pipeline, contestant, deadline, run):
    statuses = pipeline.wait(deadline)
    if statuses is None:
        run.over_limit = True
        run.failure = "over the time limit"
        return
    mib, seconds = pipeline.usage()
    run.client_mib = max(run.client_mib, mib)
    run.client_cpu += seconds
    bad = [status for status in statuses if status not in contestant.good_statuses]
    if bad:
        run.failure = f"exit status {bad[0]}: {pipeline.last_words()}"


def run_once(contestant, work, servers, limit_seconds):
    """Afterwards the downstream table is as the contestant left it; `failure` tells if it is not equal."""
    before = on_both(servers, lambda server: server.counters())
    run = Run(0.0, before[0], before[1])
    start = time.monotonic()
    run_pipelines(contestant, work, start + limit_seconds, run)
    run.seconds = time.monotonic() - start
    if run.over_limit:
        on_both(servers, lambda server: server.end_other_sessions())
    run.up, run.down = (server.counted_since(counters) for server, counters in zip(servers, before))
    if not run.failure:
        run.failure = difference(work.table, servers)
    return run


def difference(table, servers):
    """Judged by the servers alone. Reads both tables, so that the next contestant finds them in memory."""
    if not servers[1].has_table(table):
        return "the table is gone"
    sums = on_both(servers, lambda server: server.checksum(table))
    return "" if sums[0] == sums[1] else "the tables differ afterwards"
