"""The report: Markdown that also reads well as it is."""

import datetime
import os
import platform
import statistics
import subprocess

from measure import Run

MB = 1e6


def middle(runs, value):
    return statistics.median(value(run) for run in runs)


class Results:
    """All runs by (group, scenario, contestant), where a group is a table at a distance."""

    def __init__(self):
        self.runs = {}

    def add(self, group, scenario, contestant, run: Run):
        self.runs.setdefault((group, scenario, contestant), []).append(run)

    def good(self, group, scenario, contestant):
        return [run for run in self.runs.get((group, scenario, contestant), []) if not run.failure]

    def seconds(self, group, scenario, contestant):
        """The median, or None if there is no good run."""
        runs = self.good(group, scenario, contestant)
        return middle(runs, lambda run: run.seconds) if runs else None

    def failures(self):
        """(what, failure) of each bad run that is not just too slow."""
        for (group, scenario, contestant), runs in self.runs.items():
            for run in runs:
                if run.failure and not run.over_limit:
                    yield f"{group}, {scenario}, {contestant}", run.failure


# --- text ---


def table(head, rows):
    """Columns but the first are numbers."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        padded = [str(cell).ljust(width) if i == 0 else str(cell).rjust(width) for i, (cell, width) in enumerate(zip(cells, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])


def number(value):
    """Three digits or so."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratio(value, base):
    return "" if value is None or not base else f"{value / base:.2f}"


# --- the machine ---


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "?"


def processor_name():
    with open("/proc/cpuinfo", encoding="utf8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def system_name():
    return platform.freedesktop_os_release().get("PRETTY_NAME", "?")


def machine(servers, program):
    versions = "; ".join(
        [
            first_line([program, "--version"]),
            f"MariaDB {servers[0].version}",
            "pt-table-sync " + first_line(["pt-table-sync", "--version"]).rpartition(" ")[2],
            " ".join(first_line(["mydumper", "--version"]).split(",")[0].split()[:2]),
        ]
    )
    return [
        f"- {datetime.date.today()}, {system_name()}, Linux {platform.release()}",
        f"- {len(os.sched_getaffinity(0))} cores ({processor_name()}), {memory_gib():.0f} GiB of memory, for both servers and the client together",
        f"- {versions}",
    ]


# --- the parts ---


def seconds_table(results, group, scenarios, contestants, limit):
    rows = []
    for contestant in contestants:
        cells = [seconds_cell(results, group, scenario.title, contestant.title, limit) for scenario in scenarios]
        if any(cells):
            rows.append([contestant.title, *cells])
    return table(["seconds", *(scenario.title for scenario in scenarios)], rows)


def seconds_cell(results, group, scenario, contestant, limit):
    seconds = results.seconds(group, scenario, contestant)
    if seconds is not None:
        return number(seconds)
    runs = results.runs.get((group, scenario, contestant), [])
    if not runs:
        return ""
    return f"> {limit}" if any(run.over_limit for run in runs) else "failed"


def detail_table(results, group, scenarios, contestants, base_group, floor_title):
    head = ["", "s", "min–max", "× floor", "× identical", "MB up", "MB down", "stmts up", "stmts down", "client MiB", "client CPU", "server CPU"]
    floor = results.seconds(base_group, "identical", floor_title)
    rows = []
    for contestant in contestants:
        for scenario in scenarios:
            runs = results.good(group, scenario.title, contestant.title)
            if runs:
                identical = results.seconds(base_group, "identical", "slicetool")
                rows.append([f"{contestant.title}: {scenario.title}", *detail_cells(runs, floor, identical)])
    return table(head, rows)


def detail_cells(runs, floor, identical):
    seconds = middle(runs, lambda run: run.seconds)
    return [
        number(seconds),
        f"{number(min(run.seconds for run in runs))}–{number(max(run.seconds for run in runs))}" if len(runs) > 1 else "1 run",
        ratio(seconds, floor),
        ratio(seconds, identical),
        number(middle(runs, lambda run: run.up.bytes_sent / MB)),
        number(middle(runs, lambda run: run.down.bytes_sent / MB)),
        f"{middle(runs, lambda run: run.up.statements):,.0f}",
        f"{middle(runs, lambda run: run.down.statements):,.0f}",
        number(middle(runs, lambda run: run.client_mib)) if any(run.client_mib for run in runs) else "",
        number(middle(runs, lambda run: run.client_cpu)),
        number(middle(runs, lambda run: run.server_cpu)),
    ]


# --- the aims ---


class Aims:
    """What the project wants to reach on the orders table."""

    def __init__(self, results, limit):
        self.results = results
        self.limit = limit
        self.rows = []

    def at_most(self, what, value, base, factor):
        """A ratio of seconds."""
        if value is None or base is None:
            return
        self.rows.append([what, f"{value / base:.2f}", f"≤ {factor}", "yes" if value <= factor * base else "NO"])

    def seconds(self, scenario, contestant, group="orders"):
        return self.results.seconds(group, scenario, contestant)

    def collect(self, contestants, scenarios):
        identical = self.seconds("identical", "slicetool")
        self.at_most("identical / floor", identical, self.seconds("identical", contestants[0].title), 3.5)
        self.at_most("200 updates / identical", self.seconds("200 updates", "slicetool"), identical, 1.3)
        self.at_most("last 1 % missing / identical", self.seconds("last 1 % missing", "slicetool"), identical, 1.3)
        self.at_most("empty / dump and load", self.seconds("empty", "slicetool"), self.seconds("empty", "mariadb-dump | mariadb"), 1.0)
        for scenario in scenarios:
            self.at_most(f"{scenario.title} / pt-table-sync", self.seconds(scenario.title, "slicetool"), self.best_table_sync(scenario.title), 1.0)
        self.at_most("identical over the long link / without it", self.seconds("identical", "slicetool", "orders over a long link"), identical, 2.0)
        self.add_memory()

    def best_table_sync(self, scenario):
        """The quicker of its two ways. A run that was stopped took at least as long as the limit."""
        values = []
        for (group, name, contestant), runs in self.results.runs.items():
            if group == "orders" and name == scenario and contestant.startswith("pt-table-sync"):
                seconds = self.seconds(scenario, contestant)
                values += [seconds] if seconds is not None else [self.limit] if any(run.over_limit for run in runs) else []
        return min(values, default=None)

    def add_memory(self):
        peaks = [run.client_mib for key, runs in self.results.runs.items() for run in runs if key[2] == "slicetool"]
        if peaks:
            self.rows.append(["client memory, MiB, the most of all runs", number(max(peaks)), "≤ 64", "yes" if max(peaks) <= 64 else "NO"])

    def text(self):
        return table(["slicetool's aims", "is", "aim", "reached"], self.rows)
