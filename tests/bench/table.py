"""The tables, in Markdown: what was measured, on what, and beside the goals."""
import os
import platform
import subprocess
from typing import NamedTuple, Optional


class Goal(NamedTuple):
    case: str
    ratio: str  # of what
    measured: str
    goal: str
    met: Optional[bool]  # None: not measured


def at_most(case, ratio, measured, limit):
    return Goal(case, ratio, f"{measured:.2f}", f"at most {limit}",
                measured <= limit)


def at_least(case, ratio, measured, limit):
    shown = f"{measured:.2f}" if measured < 100 else f"{measured:.0f}"
    return Goal(case, ratio, shown, f"at least {limit}", measured >= limit)


def not_measured(case, ratio, goal, why):
    return Goal(case, ratio, why, goal, None)


def row(cells):
    return "| " + " | ".join(cells) + " |"


def table(head, rows):
    return "\n".join([row(head), row(["---"] * len(head)), *map(row, rows)])


def size_of(made):
    files = f"{len(made.files):,} file" + "s" * (len(made.files) != 1)
    size = (f"{made.size / 1e6:,.1f} MB" if made.size >= 100_000
            else f"{made.size:,} bytes")
    images = "" if made.images is None else f", {made.images:,} images"
    return f"{files}, {size}{images}"


def seconds(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def figures_table(figures, size):
    rows = [[name, seconds(got.wall), seconds(got.cpu),
             f"{size / got.wall / 1e6:,.1f}", str(got.runs)]
            for name, got in figures.items()]
    return table(["command", "s", "s of processors", "MB/s", "runs"], rows)


def section(title, made, figures):
    return (f"\n### {title}\n\n{size_of(made)}\n\n"
            + figures_table(figures, made.size))


def goals_table(goals):
    words = {True: "yes", False: "no", None: "not measured"}
    return "\n### Goals\n\n" + table(
        ["case", "ratio", "measured", "goal", "met"],
        [[goal.case, goal.ratio, goal.measured, goal.goal, words[goal.met]]
         for goal in goals])


def first_line(*argv):
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return "?"
    return (done.stdout.splitlines() or ["?"])[0]


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def machine(tool):
    """What the figures are true of."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(
        f"{name} {first_line('pkg-config', '--modversion', package)}"
        for name, package in (("libyaml", "yaml-0.1"),
                              ("libfyaml", "libfyaml")))
    return (f"{first_line(tool, '--version')}; {libraries}; "
            f"{len(os.sched_getaffinity(0))} of {os.cpu_count()} processors, "
            f"{processor()}; {memory:.0f} GB; Linux {platform.release()}")
