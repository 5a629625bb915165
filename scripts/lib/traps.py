"""The table of traps in docs/verification.md, beside the tests there are and how they ended.

  traps.py expression TABLE               the regular expression that finds the table's tests, for ctest -R
  traps.py check TABLE BUILD              fails unless every trap has tests, and every test named in the table exists
  traps.py list TABLE BUILD RESULTS       trap, test and result on each pairing, from ctest --output-junit; fails unless
                                          every trap's tests ran and passed

TABLE is docs/verification.md: a row is | number | what the trap is | what happens | `Suite` `Suite.Test` `Suite*` … |
"""

import fnmatch
import json
import re
import subprocess
import sys
import xml.etree.ElementTree

TRAPS = range(1, 31)
PAIRINGS = ["MariaDbToMariaDb", "MySqlToMySql", "MariaDbToMySql", "MySqlToMariaDb"]
HEADINGS = ["MariaDB", "MySQL", "MariaDB>MySQL", "MySQL>MariaDB", "elsewhere"]


def read_table(path):
    """Trap number -> patterns of test names."""
    traps = {}
    with open(path, encoding="utf-8") as page:
        for line in page:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.startswith("| ") and len(cells) == 4 and cells[0].isdigit():
                traps[int(cells[0])] = re.findall(r"`([^`]+)`", cells[3])
    return traps


def split_name(ctest_name):
    """"integration.traps.Pairings/Trap01.Finds/MySqlToMySql" -> ("Trap01.Finds", "MySqlToMySql")."""
    words = ctest_name.split(".")
    if len(words) < 2:
        return ctest_name, ""
    suite = words[-2].split("/")[-1]
    test, _, parameter = words[-1].partition("/")
    return f"{suite}.{test}", parameter


def matches(name, pattern):
    return fnmatch.fnmatchcase(name, pattern if "." in pattern else pattern + ".*")


def expression(traps):
    patterns = sorted({pattern for patterns in traps.values() for pattern in patterns})
    words = [re.escape(pattern).replace(r"\*", ".*") for pattern in patterns]
    return r"(^|[./])(" + "|".join(words) + r")([./]|$)"


def known_tests(build):
    answer = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True)
    return [test["name"] for test in json.loads(answer.stdout)["tests"]]


def read_results(path):
    """ctest name -> passed, failed, or not run (skipped ones too)."""
    results = {}
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        status = case.get("status")
        results[case.get("name")] = {"run": "passed", "fail": "failed"}.get(status, "not run")
    return results


def complaints(traps, names):
    """Sentences about where the table and the tests disagree."""
    found = []
    for number in TRAPS:
        if not traps.get(number):
            found.append(f"Trap {number} has no test in the table.")
    plain = {split_name(name)[0] for name in names}
    for number, patterns in sorted(traps.items()):
        for pattern in patterns:
            if not any(matches(name, pattern) for name in plain):
                found.append(f"Trap {number}: there is no test {pattern}.")
    for name in sorted(plain):
        number = re.match(r"Trap(\d\d)", name)
        if number and not any(matches(name, pattern) for pattern in traps.get(int(number[1]), [])):
            found.append(f"Trap {int(number[1])}: the table does not name the test {name}.")
    return found


def together(results):
    for worst in ("failed", "not run"):
        if worst in results:
            return worst
    return "passed" if results else ""


def rows_of(patterns, names, results):
    """(test, [result on each pairing, then elsewhere]) of the tests that the patterns name."""
    tests = {}
    for name in names:
        test, parameter = split_name(name)
        if any(matches(test, pattern) for pattern in patterns):
            places = tests.setdefault(test, [[] for _ in HEADINGS])
            at = PAIRINGS.index(parameter) if parameter in PAIRINGS else len(PAIRINGS)
            places[at].append(results.get(name, "not run"))
    return [(test, [together(place) for place in places]) for test, places in sorted(tests.items())]


def list_traps(traps, names, results):
    """Prints the list; returns how many traps are not shown to be handled."""
    lines = [(number, *row) for number in TRAPS for row in rows_of(traps.get(number, []), names, results)]
    width = max([len(test) for _, test, _ in lines] + [4])
    print(f"trap  {'test':{width}}  " + "  ".join(f"{heading:13}" for heading in HEADINGS).rstrip())
    for number, test, places in lines:
        print(f"{number:4}  {test:{width}}  " + "  ".join(f"{place or '-':13}" for place in places).rstrip())
    unshown = [number for number in TRAPS
               if together([place for at, _, places in lines if at == number for place in places if place]) != "passed"]
    shown = len(TRAPS) - len(unshown)
    print(f"\n{shown} of {len(TRAPS)} traps have tests, all of which passed." +
          (f" Not so: {', '.join(map(str, unshown))}." if unshown else ""))
    return len(unshown)


def main(command, table, build="", results=""):
    traps = read_table(table)
    if command == "expression":
        print(expression(traps))
        return 0
    names = known_tests(build)
    found = complaints(traps, names)
    for sentence in found:
        print(sentence, file=sys.stderr)
    if command == "list":
        return 1 if list_traps(traps, names, read_results(results)) or found else 0
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
