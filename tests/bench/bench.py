"""How fast imgrewrite is, as ratios to yardsticks measured in the same run.

Every figure is the median of at least five runs of a whole process. The
tables are Markdown. Without arguments all cases run but those that take long.
Real manifests: $IMGREWRITE_TEST_DATA/corpus. Peers, where they are installed
or in $IMGREWRITE_PEERS/bin: kustomize and yq-go.
"""
import argparse
import os
import sys
import tempfile

import cases
from inputs import Inputs
from measuring import LEAST
from table import goals_table, machine

MEMORY = "/dev/shm"
NAMES = {case.__name__: case for case in cases.DEFAULT + cases.OPT_IN}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true",
                        help="with what takes long: 1,000,000 files")
    parser.add_argument("--trial", action="store_true",
                        help="tiny generated inputs, one run: does it work?")
    parser.add_argument("cases", nargs="*", metavar="CASE",
                        help=", ".join(NAMES))
    arguments = parser.parse_args()
    for name in arguments.cases:
        if name not in NAMES:
            parser.error(f"there is no case {name}")
    return arguments


def choose(arguments):
    if arguments.cases:
        return [NAMES[name] for name in arguments.cases]
    return list(NAMES.values()) if arguments.all else cases.DEFAULT


def make_bench(memory, disk, trial):
    share = 0.001 if trial else 1
    return cases.Bench(
        memory=Inputs(memory, share),
        disk=Inputs(disk, share),
        data=None if trial else os.environ.get("IMGREWRITE_TEST_DATA"),
        two=min(2, len(os.sched_getaffinity(0))),
        least=1 if trial else LEAST,
        most=1 if trial else 3 * LEAST)


def run(chosen, bench):
    goals = []
    before = os.getloadavg()[0]
    for case in chosen:
        goals += case(bench)
    print(goals_table(goals))
    print(f"\nLoad of the machine: {before:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after.")
    left_out = [name for name, case in NAMES.items() if case not in chosen]
    if left_out:
        print(f"\nLeft out: {', '.join(left_out)}.")


def main():
    arguments = read_arguments()
    in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    print("# Speed\n\nPrinted by ./tools/bench.\n")
    print(f"{machine(os.environ['IMGREWRITE'])}.")
    if not in_memory:
        print("There is no file system in memory: what is called so was not.")
    with (tempfile.TemporaryDirectory(dir=in_memory) as memory,
          tempfile.TemporaryDirectory() as disk):
        run(choose(arguments), make_bench(memory, disk, arguments.trial))
    return 0


if __name__ == "__main__":
    sys.exit(main())
