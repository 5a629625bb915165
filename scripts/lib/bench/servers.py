"""One of the two private servers: running SQL on it, what it counts, moving a table's file in and out."""

import concurrent.futures
import dataclasses
import os
import shlex
import subprocess
import time

DATABASE = "bench"
SECOND_DATABASE = "bench_copy"
# Rows that deleted or updated versions still occupy; below this the server's purge has nothing to do that one could measure.
MAX_HISTORY = 50
MAX_SETTLE_SECONDS = 60
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Counters:
    """What a server has done since its start."""

    bytes_sent: int
    statements: int
    cpu_seconds: float

    def __sub__(self, other):
        return Counters(*(a - b for a, b in zip(dataclasses.astuple(self), dataclasses.astuple(other))))


class Server:
    database = DATABASE

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        self.socket = settings["socket"]
        self.port = int(settings["port"])
        self.pid = int(settings["pid"])
        self.datadir = settings["datadir"]
        self.version = settings["version"]
        self.own_cost = Counters(0, 0, 0)

    def client(self):
        """The words of the client's command line."""
        return ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", f"--socket={self.socket}", "--user=root"]

    def run(self, script, database=""):
        """Runs a script in the server's database (None: in none), in which `system` calls the shell; returns the rows of all
        results, as lists of strings."""
        database = self.database if database == "" else database
        command = [*self.client(), "--batch", "--skip-column-names", *([database] if database else [])]
        done = subprocess.run(command, input=script, capture_output=True, text=True, encoding="utf8", check=False)
        if done.returncode != 0:
            raise RuntimeError(f"server {self.name}: {done.stderr.strip()}\nin: {script[:300]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def value(self, statement):
        return self.run(statement)[0][0]

    def counters(self):
        rows = self.run(
            "SELECT variable_value FROM information_schema.global_status"
            " WHERE variable_name IN ('BYTES_SENT', 'QUESTIONS') ORDER BY variable_name"
        )
        return Counters(int(rows[0][0]), int(rows[1][0]), self.cpu_seconds())

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def calibrate(self):
        """Asking for the counters counts, too."""
        first = self.counters()
        self.own_cost = self.counters() - first
        self.own_cost.cpu_seconds = 0

    def counted_since(self, before):
        return self.counters() - before - self.own_cost

    def checksum(self, table):
        return self.run(f"CHECKSUM TABLE {table}")[0][1]

    def has_table(self, table):
        return bool(self.run(f"SHOW TABLES LIKE '{table}'"))

    def end_other_sessions(self):
        """Those of a killed client: the server may not have noticed yet. Waits until their transactions are rolled back."""
        others = "FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user = 'root'"
        deadline = time.monotonic() + MAX_SETTLE_SECONDS
        while time.monotonic() < deadline:
            ids = [row[0] for row in self.run(f"SELECT id {others}")]
            if not ids:
                return
            for each in ids:
                try:
                    self.run(f"KILL {each}")
                except RuntimeError:
                    pass  # it has gone meanwhile
            time.sleep(0.2)
        raise RuntimeError(f"server {self.name}: sessions do not end")

    def settle(self):
        """Waits until what earlier changes left behind is cleared away."""
        deadline = time.monotonic() + MAX_SETTLE_SECONDS
        status = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_HISTORY_LIST_LENGTH'"
        while int(self.value(status)) > MAX_HISTORY and time.monotonic() < deadline:
            time.sleep(0.1)

    def export_table(self, table, folder):
        """Copies the table's file while it stands still."""
        sources = " ".join(shlex.quote(f"{self.datadir}/{self.database}/{table}.{end}") for end in ("ibd", "cfg"))
        self.run(f"FLUSH TABLES {table} FOR EXPORT;\nsystem cp {sources} {shlex.quote(folder)}\nUNLOCK TABLES;")

    def import_table(self, table, definition, folder):
        sources = " ".join(shlex.quote(f"{folder}/{table}.{end}") for end in ("ibd", "cfg"))
        target = shlex.quote(f"{self.datadir}/{self.database}")
        self.run(
            f"DROP TABLE IF EXISTS {table};\n{definition};\nALTER TABLE {table} DISCARD TABLESPACE;\n"
            f"system cp {sources} {target}\nALTER TABLE {table} IMPORT TABLESPACE;\nANALYZE TABLE {table};"
        )


class SecondDatabase(Server):
    """Another database of a server: a side of its own, whose work the server counts as the first side's."""

    database = SECOND_DATABASE

    def __init__(self, server):
        super().__init__(server.name, server.settings)

    def counters(self):
        return Counters(0, 0, 0)


def find_server(scripts, name):
    """A server that scripts/servers has started."""
    text = subprocess.run([f"{scripts}/servers", "env", name], stdout=subprocess.PIPE, text=True, check=True).stdout
    return Server(name, dict(word.partition("=")[::2] for word in shlex.split(text)))


def on_both(servers, action):
    """Runs action(server) on all of them at the same time; returns the results in order."""
    with concurrent.futures.ThreadPoolExecutor(len(servers)) as pool:
        return list(pool.map(action, servers))
