"""Tells what came of a run of the suite: passed, failed and skipped by group, and each failure with its reason.

Usage: report.py OUTPUT.XML FAILURES.TXT
"""

import collections
import sys

from robot.api import ExecutionResult, ResultVisitor

# The folder below which groups stand, and how deep.
DEPTH = 3


class Tally(ResultVisitor):
    """Counts tests by group, and remembers why one failed."""

    def __init__(self) -> None:
        self.groups = collections.defaultdict(collections.Counter)
        self.failures = []

    def visit_test(self, test) -> None:
        path = str(test.source).split("/suite/")[-1].split("/")
        self.groups[" / ".join(path[1 : 1 + DEPTH - (path[0] != "TP")][1 if path[0] == "TP" else 0 :][:2])][test.status] += 1
        if test.status == "FAIL":
            self.failures.append(("/".join(path), test.name, " ".join(test.tags), test.message))


def main() -> None:
    tally = Tally()
    ExecutionResult(sys.argv[1]).visit(tally)
    width = max((len(name) for name in tally.groups), default=10)
    print(f"{'group':<{width}}  passed  failed  skipped")
    total = collections.Counter()
    for name, counts in sorted(tally.groups.items()):
        print(f"{name:<{width}}  {counts['PASS']:>6}  {counts['FAIL']:>6}  {counts['SKIP']:>7}")
        total.update(counts)
    print(f"{'total':<{width}}  {total['PASS']:>6}  {total['FAIL']:>6}  {total['SKIP']:>7}")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        for path, name, tags, message in tally.failures:
            file.write(f"== {path}\n{name}\n[{tags}]\n{message}\n\n")
    if tally.failures:
        print(f"\nEach failure with its reason: {sys.argv[2]}")


main()
