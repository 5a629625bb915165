"""The tables, made in the server from the numbers of a sequence, the same on every server; and what happens to them downstream."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Table:
    name: str
    rows: int
    about: str
    definition: str
    fill: str
    scattered: str
    """A condition that holds for about one row in {every}, far from each other."""
    change: str
    """Changes a row without changing its key; each row differently, for like changes cancel each other in the CRC32 sums of
    pt-table-sync, which then misses them."""
    last_percent: str


def orders(rows):
    return Table(
        name="orders",
        rows=rows,
        about="integer key, 7 columns, two secondary keys",
        definition="""CREATE TABLE orders (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer INT UNSIGNED NOT NULL,
  product INT UNSIGNED NOT NULL,
  status VARCHAR(12) NOT NULL,
  amount DECIMAL(10,2) NOT NULL,
  note VARCHAR(120) DEFAULT NULL,
  placed_at DATETIME NOT NULL,
  PRIMARY KEY (id),
  KEY customer (customer),
  KEY placed_at (placed_at)
) DEFAULT CHARSET = utf8mb4""",
        fill=f"""INSERT INTO orders
  SELECT seq, CRC32(seq) % 200000, CRC32(seq + 7) % 50000, ELT(1 + CRC32(seq) % 4, 'new', 'paid', 'shipped', 'returned'),
         CRC32(seq * 3) % 1000000 / 100,
         IF(seq % 10 = 0, NULL, CONCAT(MD5(seq), ELT(1 + seq % 3, ' Grüße aus Köln und aus Bonn', ' please ring the bell twice', ' 请放在门口，谢谢您'))),
         '2020-01-01' + INTERVAL seq * 37 SECOND
  FROM seq_1_to_{rows}""",
        scattered="id % {every} = {every} DIV 2 + 1",
        change="amount = CRC32(id + 13) % 1000000 / 100",
        last_percent=f"id > {rows - max(1, rows // 100)}",
    )


def visits(rows):
    return Table(
        name="visits",
        rows=rows,
        about="string key (36 characters, case-insensitive collation), 5 columns, one secondary key",
        definition="""CREATE TABLE visits (
  token VARCHAR(36) NOT NULL,
  customer INT UNSIGNED NOT NULL,
  state VARCHAR(20) NOT NULL,
  pages VARCHAR(200) DEFAULT NULL,
  started_at DATETIME(3) NOT NULL,
  PRIMARY KEY (token),
  KEY customer (customer)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci""",
        fill=f"""INSERT INTO visits
  SELECT INSERT(INSERT(INSERT(INSERT(hash, 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') AS token,
         CRC32(hash) % 200000, ELT(1 + seq % 3, 'open', 'closed', 'abandoned'), REPEAT('/page ', seq % 20),
         '2026-01-01' + INTERVAL seq * 125000 MICROSECOND
  FROM (SELECT seq, MD5(seq) AS hash FROM seq_1_to_{rows}) AS s ORDER BY token""",
        scattered="CRC32(token) % {every} = {every} DIV 2",
        change="pages = SHA1(token)",
        last_percent="token > 'fd7'",
    )


@dataclasses.dataclass(frozen=True)
class Scenario:
    key: str
    title: str

    def statement(self, table):
        """What is done downstream, before a contestant may make it undone."""
        return {
            "identical": None,
            "updates": f"UPDATE {table.name} SET {table.change} WHERE {table.scattered.format(every=max(2, table.rows // 200))}",
            "percent": f"UPDATE {table.name} SET {table.change} WHERE {table.scattered.format(every=100)}",
            "last": f"DELETE FROM {table.name} WHERE {table.last_percent}",
            "empty": f"TRUNCATE TABLE {table.name}",
        }[self.key]


SCENARIOS = [
    Scenario("identical", "identical"),
    Scenario("updates", "200 updates"),
    Scenario("percent", "1 % updates"),
    Scenario("last", "last 1 % missing"),
    Scenario("empty", "empty"),
]
# What two databases of one server are tried with.
LOCAL_SCENARIOS = [each for each in SCENARIOS if each.key in ("identical", "percent", "empty")]
# What the long link is tried with.
SLOW_SCENARIOS = SCENARIOS[:2]
