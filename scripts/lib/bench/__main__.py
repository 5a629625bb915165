"""The benchmark itself, on two servers that scripts/bench has started: makes the tables, runs everybody, tells."""

import argparse
import pathlib
import re
import signal
import sys
import tempfile

import link
import report
from contestants import Work, all_contestants, local_contestants
from measure import run_once
from servers import DATABASE, SECOND_DATABASE, SecondDatabase, find_server, on_both
from tables import LOCAL_SCENARIOS, SCENARIOS, SLOW_SCENARIOS, orders, visits

# After a run that long, the same again would tell little more and cost much.
PATIENCE_SECONDS = 40
LINK = {"delay_ms": 20, "mbit": 100}


def tell(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, arguments, servers, folder):
        self.arguments = arguments
        self.servers = servers
        self.upstream, self.downstream = servers
        self.folder = folder
        self.contestants = all_contestants(arguments.slicetool, arguments.also)
        self.local_contestants = local_contestants(arguments.slicetool)
        self.results = report.Results()

    # --- tables ---

    def make(self, table):
        tell(f"making {table.name}: {table.rows:,} rows on both servers")
        on_both(self.servers, lambda server: server.run(f"{table.definition};\n{table.fill};\nANALYZE TABLE {table.name};"))
        on_both(self.servers, lambda server: server.settle())
        sums = on_both(self.servers, lambda server: server.checksum(table.name))
        if sums[0] != sums[1]:
            raise RuntimeError(f"the servers made {table.name} differently")
        self.downstream.export_table(table.name, self.folder)

    def make_copy(self, table):
        """A second database on upstream's server, for which upstream's table is the first."""
        tell(f"copying {table.name} to a second database")
        source = f"{DATABASE}.{table.name}"
        self.upstream.run(f"CREATE DATABASE {SECOND_DATABASE} CHARACTER SET utf8mb4", database=None)
        self.downstream = SecondDatabase(self.upstream)
        self.downstream.run(f"{table.definition};\nINSERT INTO {table.name} SELECT * FROM {source};\nANALYZE TABLE {table.name};")
        self.downstream.settle()
        self.servers = [self.upstream, self.downstream]

    def restore(self, table):
        self.downstream.import_table(table.name, table.definition, self.folder)
        self.downstream.checksum(table.name)

    def prepare(self, table, scenario):
        """The downstream table is pristine before."""
        statement = scenario.statement(table)
        if statement:
            self.downstream.run(f"{statement};")
            self.downstream.settle()

    # --- runs ---

    def contestants_of(self, place):
        return self.local_contestants if place == "local" else self.contestants

    def chosen(self, group, scenarios, place):
        """Scenarios with those who take part in them."""
        for scenario in scenarios:
            taking_part = [
                contestant
                for contestant in self.contestants_of(place)
                if scenario.key in contestant.scenarios
                and re.search(self.arguments.only, f"{group}/{scenario.key}/{contestant.key}".replace(" ", "-"))
            ]
            if taking_part:
                yield scenario, taking_part

    def run_group(self, group, table, scenarios, place, ports):
        """Contestants take turns, so that a drift of the machine's speed meets all of them."""
        for scenario, contestants in self.chosen(group, scenarios, place):
            finished = set()
            for turn in range(1, self.arguments.runs + 1):
                for contestant in contestants:
                    if contestant.key not in finished:
                        run = self.run(group, table, scenario, contestant, turn, ports)
                        if run.failure or run.seconds > PATIENCE_SECONDS:
                            finished.add(contestant.key)

    def run(self, group, table, scenario, contestant, turn, ports):
        tell(f"{group}, {scenario.title}, {contestant.title}, run {turn}: ", end="")
        self.prepare(table, scenario)
        with tempfile.TemporaryDirectory(dir=self.folder) as own_folder:
            work = Work(table.name, *ports, own_folder, self.downstream.database)
            run = run_once(contestant, work, self.servers, self.arguments.limit)
        tell(f"{run.seconds:.2f} s" + (f", {run.failure}" if run.failure else ""))
        if run.failure:
            self.restore(table)
        self.downstream.settle()
        self.results.add(group, scenario.title, contestant.title, run)
        return run

    # --- the whole ---

    def groups(self):
        """(name, table, scenarios, place); "local", two databases of one server, comes last: it changes what downstream is."""
        first, second = orders(self.arguments.rows), visits(max(1, self.arguments.rows // 4))
        return [
            (first.name, first, SCENARIOS, "near"),
            (second.name, second, SCENARIOS, "near"),
            (f"{first.name} over a long link", first, SLOW_SCENARIOS, "far"),
            (f"{first.name} in one server", first, LOCAL_SCENARIOS, "local"),
        ]

    def work(self):
        on_both(self.servers, lambda server: server.run(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4", database=None))
        for server in self.servers:
            server.calibrate()
        groups = [group for group in self.groups() if any(self.chosen(group[0], group[2], group[3]))]
        for table in dict.fromkeys(group[1] for group in groups):
            self.make(table)
        for name, table, scenarios, place in groups:
            if place == "local":
                self.make_copy(table)
            ports = [server.port for server in self.servers]
            if place != "far":
                self.run_group(name, table, scenarios, place, ports)
                continue
            with link.long_link(self.arguments.scripts, self.servers, **LINK) as far_ports:
                self.run_group(name, table, scenarios, place, far_ports)
        return groups

    # --- telling ---

    def text(self, groups):
        limit = self.arguments.limit
        parts = ["# Benchmark", "\n".join(report.machine(self.servers, self.arguments.slicetool)), self.explanation()]
        for name, table, scenarios, place in groups:
            parts.append(f"## {name}: {table.rows:,} rows, {table.about}")
            if place == "far":
                parts.append(f"{LINK['delay_ms']} ms each way and {LINK['mbit']} Mbit/s between the client and each server.")
            if place == "local":
                parts.append("Two databases of the server \"up\", which counts the bytes and statements of both sides as MB up and stmts up.")
            contestants = self.contestants_of(place)
            parts.append(report.seconds_table(self.results, name, scenarios, contestants, limit))
            parts.append(report.detail_table(self.results, name, scenarios, contestants, table.name, self.contestants[0].title))
        aims = report.Aims(self.results, limit)
        aims.collect(self.contestants, SCENARIOS)
        if aims.rows:
            parts += ["## Aims", aims.text()]
        failures = [f"- {what}: {failure}" for what, failure in self.results.failures()]
        if failures:
            parts += ["## Failed", "\n".join(failures)]
        return "\n\n".join(parts) + "\n"

    def explanation(self):
        return (
            f"Medians of up to {self.arguments.runs} runs, or one run where it took more than {PATIENCE_SECONDS} s; warm caches; a run is stopped"
            f" after {self.arguments.limit} s. The change is made downstream before each run, and undone by whoever runs; afterwards CHECKSUM TABLE"
            " must say that both sides are equal. × floor and × identical: seconds divided by those of CHECKSUM TABLE and of slicetool on the same,"
            " identical table. MB up, MB down, stmts: what each server sent, and the statements that it got, by its own count. Client MiB: peak"
            " resident memory; of a pipe, its ends together. CPU in seconds; of both servers together."
        )


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is too small")
    return value


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--scripts", required=True)
    parser.add_argument("--slicetool", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--rows", type=positive, required=True)
    parser.add_argument("--runs", type=positive, required=True)
    parser.add_argument("--limit", type=positive, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--also", action="append", default=[])
    parser.add_argument("--output")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    # As an exception, so that no process is left behind.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    servers = [find_server(arguments.scripts, name) for name in ("up", "down")]
    bench = Bench(arguments, servers, arguments.folder)
    text = bench.text(bench.work())
    print(text, end="")
    if arguments.output:
        pathlib.Path(arguments.output).write_text(text, encoding="utf8")


main()
