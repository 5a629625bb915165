"""Who takes part, and with which command lines. All connect by TCP, as root without a password."""

import dataclasses
import shlex

from servers import DATABASE, SECOND_DATABASE

ALL = ("identical", "updates", "percent", "last", "empty")


@dataclasses.dataclass(frozen=True)
class Work:
    """What a contestant is to do: make `table` on the second port equal to that on the first."""

    table: str
    up_port: int
    down_port: int
    folder: str
    """Empty, for files of its own."""
    down_database: str = DATABASE


class Contestant:
    """`pipelines(work)` gives the command lines: a list of pipelines, each a list of argument lists."""

    key = title = ""
    scenarios = ALL
    good_statuses = (0,)
    at_once = False  # do the pipelines run at the same time, or one after another?

    def pipelines(self, work):
        raise NotImplementedError


class Checksum(Contestant):
    """The least that looking at every row costs."""

    key = "floor"
    title = "CHECKSUM TABLE on both at once (floor)"
    scenarios = ("identical",)
    at_once = True

    def pipelines(self, work):
        return [[checksum_command(work.table, work.up_port)], [checksum_command(work.table, work.down_port)]]


def checksum_command(table, port):
    return ["mariadb", *client_options(port), "--execute", f"CHECKSUM TABLE {table}", DATABASE]


def client_options(port):
    return ["--no-defaults", "--host=127.0.0.1", f"--port={port}", "--user=root"]


class Slicetool(Contestant):
    def __init__(self, program, options=""):
        self.program = program
        self.options = shlex.split(options)
        self.title = " ".join(["slicetool", *self.options])
        self.key = self.title.replace(" ", "-")

    def pipelines(self, work):
        sides = [(work.up_port, DATABASE), (work.down_port, work.down_database)]
        urls = [f"mysql://root@127.0.0.1:{port}/{database}" for port, database in sides]
        return [[[self.program, "slice", "--from", urls[0], "--to", urls[1], "--tables", work.table, *self.options]]]


class TableSync(Contestant):
    good_statuses = (0, 2)  # 2: there were differences

    def __init__(self, chunk_size=None):
        self.options = [f"--chunk-size={chunk_size}"] if chunk_size else []
        self.key = f"pt-table-sync-{chunk_size}" if chunk_size else "pt-table-sync"
        self.title = f"pt-table-sync, chunks of {chunk_size:,}" if chunk_size else "pt-table-sync"

    def pipelines(self, work):
        sides = [f"h=127.0.0.1,P={port},u=root,D={DATABASE},t={work.table},A=utf8mb4" for port in (work.up_port, work.down_port)]
        return [[["pt-table-sync", "--execute", "--no-version-check", "--no-check-slave", *self.options, *sides]]]


class DumpLoad(Contestant):
    """It copies everything whatever the difference, so one scenario tells all."""

    key = "dump-load"
    title = "mariadb-dump | mariadb"
    scenarios = ("updates", "empty")

    def pipelines(self, work):
        dump = ["mariadb-dump", *client_options(work.up_port), "--default-character-set=utf8mb4", "--single-transaction"]
        load = ["mariadb", *client_options(work.down_port), "--default-character-set=utf8mb4"]
        return [[[*dump, DATABASE, work.table], [*load, DATABASE]]]


class MyDumper(Contestant):
    """Like DumpLoad, through files, with two threads; --rows lets them share one table."""

    key = "mydumper"
    title = "mydumper, myloader; 2 threads"
    scenarios = ("updates", "empty")

    def pipelines(self, work):
        def options(port):
            return ["--host=127.0.0.1", f"--port={port}", "--user=root", f"--database={DATABASE}", "--threads=2", "--verbose=1"]

        dump = ["mydumper", *options(work.up_port), f"--tables-list={work.table}", "--rows=100000", f"--outputdir={work.folder}/dump"]
        load = ["myloader", *options(work.down_port), "--overwrite-tables", f"--directory={work.folder}/dump"]
        return [[dump], [load]]


class InsertSelect(Contestant):
    """What one would type: everything anew, unproven, in one transaction."""

    key = "insert-select"
    title = "TRUNCATE; INSERT … SELECT"
    scenarios = ("percent", "empty")

    def pipelines(self, work):
        script = (
            f"SET unique_checks = 0, foreign_key_checks = 0; TRUNCATE TABLE {SECOND_DATABASE}.{work.table};"
            f" INSERT INTO {SECOND_DATABASE}.{work.table} SELECT * FROM {DATABASE}.{work.table}"
        )
        return [[["mariadb", *client_options(work.up_port), "--execute", script]]]


def local_contestants(program):
    """Those that copy from one database of a server to another one."""
    return [Slicetool(program, "--no-undo"), Slicetool(program, "--no-undo --no-local"), Slicetool(program), InsertSelect()]


def all_contestants(program, further_options):
    slicetools = [Slicetool(program), *(Slicetool(program, options) for options in further_options)]
    return [Checksum(), *slicetools, TableSync(), TableSync(10000), DumpLoad(), MyDumper()]
