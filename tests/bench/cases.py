"""What is measured, and which goals that is for.

Each case takes a `Bench`, prints what it measured, and yields its goals. `cpu`
is the time of processors, which a busy machine disturbs least; where a disk or
several processors take part, it is the time on the clock that counts.
"""
import os
from typing import NamedTuple

import tool
import yardsticks
from inputs import Inputs
from measuring import count_instructions, measure, peak_memory
from table import at_least, at_most, not_measured, section


class Bench(NamedTuple):
    memory: Inputs  # on a file system in memory, where there is one
    disk: Inputs
    data: str  # a folder with corpus/, or None
    two: int  # processors to be had, up to 2
    least: int  # runs of each command
    most: int  # runs of short commands

    def measure(self, title, made, commands, most=None):
        figures = measure(commands, self.least, most or self.most)
        print(section(title, made, figures), flush=True)
        return figures


def cpu(figures, ours, theirs):
    return figures[ours].cpu / figures[theirs].cpu


def wall(figures, ours, theirs):
    return figures[ours].wall / figures[theirs].wall


def print_instructions(made):
    ours, by = count_instructions(tool.to_stdout(made).argv)
    theirs, _ = count_instructions(yardsticks.sed_print(made).argv)
    if not ours or not theirs:
        print(f"\nInstructions are not counted: there is {by} that can.")
    else:
        print(f"\nInstructions, by {by}: imgrewrite {ours:,}, sed {theirs:,}, "
              f"ratio {ours / theirs:.2f}.")


def start_up(bench):
    """One small file: what a process costs before it does anything."""
    made = bench.memory.deployment()
    figures = bench.measure("One Deployment", made, [
        tool.to_stdout(made), yardsticks.sed_print(made), yardsticks.cp(made),
        *yardsticks.bare(made), *yardsticks.yq(made)], most=10 * bench.most)
    yield at_most("start-up, one Deployment", "time of processors / sed",
                  cpu(figures, "imgrewrite", "sed"), 1.1)
    print_instructions(made)


def thousand_commands(bench, made):
    jobs = [tool.in_place(made)]
    if bench.two > 1:
        jobs.append(tool.in_place(made, jobs=2))
    return [*jobs, tool.out_dir(made), tool.check(made),
            tool.check_nothing(made), yardsticks.sed(made),
            yardsticks.cp(made), *yardsticks.bare(made), *yardsticks.yq(made)]


def thousand(bench):
    """1,000 files, where nothing waits for a disk."""
    made = bench.memory.tree(1000)
    figures = bench.measure("1,000 files, in memory", made,
                            thousand_commands(bench, made))
    yield at_most("1,000 files in place, one core, no sync",
                  "time of processors / sed -s -i",
                  cpu(figures, "imgrewrite -i -j1", "sed -s -i"), 2)
    if bench.two > 1:
        yield at_most("the same, two cores", "time / sed -s -i",
                      wall(figures, "imgrewrite -i -j2", "sed -s -i"), 1)
    yield from thousand_kustomize(bench, made, figures)


def thousand_kustomize(bench, made, figures):
    case, goal = "against kustomize, 1,000 files", 80
    commands = yardsticks.kustomize(bench.memory, made, "1,000 files")
    if not commands:
        yield not_measured(case, "speed / kustomize build", f"at least {goal}",
                           "no kustomize")
        return
    theirs = bench.measure("1,000 files, kustomize", made, commands,
                           most=bench.least)
    yield at_least(case, "speed / kustomize build",
                   theirs[commands[0].name].cpu
                   / figures["imgrewrite --check -j1"].cpu, goal)


def thousand_on_disk(bench):
    """1,000 files that must last."""
    made = bench.disk.tree(1000)
    ours = tool.in_place(made, jobs=bench.two)
    figures = bench.measure("1,000 files, on a disk", made, [
        ours, yardsticks.cp(made, sync=True), yardsticks.cp(made),
        yardsticks.sed(made)])
    yield at_most("1,000 files in place, with durability",
                  "time / cp -r and a sync",
                  wall(figures, ours.name, "cp -r, sync"), 2)


def tree_goals(bench, inputs, files, small):
    """A tree of many files: beside cp, and beside a tree of fewer."""
    made = inputs.tree(files)
    ours = tool.out_dir(made, jobs=bench.two)
    figures = bench.measure(f"{files:,} files", made, [
        ours, yardsticks.cp(made), yardsticks.sed(made)], most=bench.least)
    yield at_most(f"{files:,} files to a new folder", "time / cp -r",
                  wall(figures, ours.name, "cp -r"), 2)
    few = inputs.tree(small)
    fewer = bench.measure(f"{small:,} files, beside them", few,
                          [tool.out_dir(few, jobs=bench.two)])
    yield at_most(f"{files:,} files, linear",
                  f"time of a file / that of {small:,}",
                  figures[ours.name].cpu / len(made.files)
                  / (fewer[ours.name].cpu / len(few.files)), 1.1)
    inputs.drop()


def hundred_thousand(bench):
    yield from tree_goals(bench, bench.memory, 100_000, 1000)


def million(bench):
    """Needs 15 GB of the disk, and half an hour."""
    yield from tree_goals(bench, bench.disk, 1_000_000, 10_000)


def parse_commands(made):
    return [tool.out_dir(made), tool.check(made), tool.check_nothing(made),
            tool.out_dir_nothing(made), *yardsticks.bare(made),
            yardsticks.cp(made)]


def speed(figures, ours, theirs="bare libyaml"):
    return 1 / cpu(figures, ours, theirs)


def corpus(bench):
    """Real manifests."""
    ratio = "speed / bare libyaml"
    if not bench.data:
        yield not_measured("corpus, to a new folder", ratio, "at least 1.2",
                           "no corpus")
        return
    made = bench.memory.real("corpus", os.path.join(bench.data, "corpus"))
    figures = bench.measure("Corpus", made, parse_commands(made))
    yield at_least("corpus, to a new folder, one core", ratio,
                   speed(figures, "imgrewrite -O -j1"), 1.2)
    yield at_least("the same, nothing matches", ratio,
                   speed(figures, "imgrewrite -O, nothing matches -j1"), 4)


def kube_prometheus(bench):
    """Large definitions and dashboards, in which few images are."""
    if not bench.data:
        return
    made = bench.memory.real(
        "kube-prometheus",
        os.path.join(bench.data, "corpus", "kube-prometheus"))
    figures = bench.measure("kube-prometheus", made, parse_commands(made))
    yield at_least("kube-prometheus", "speed / bare libyaml",
                   speed(figures, "imgrewrite -O -j1"), 4)


def definitions(bench):
    """The same kind of input, for those without the corpus."""
    made = bench.memory.definitions()
    figures = bench.measure("Definitions of custom resources", made,
                            parse_commands(made))
    yield at_least("definitions of custom resources", "speed / bare libyaml",
                   speed(figures, "imgrewrite -O -j1"), 4)


def dense_stream(bench):
    """20 MB in one file, of which every document has images."""
    made = bench.memory.stream(20_000_000, dense=True)
    figures = bench.measure("20 MB, every document with images", made, [
        tool.check(made), tool.check(made, "--proof", "none"),
        tool.check_nothing(made), *yardsticks.bare(made), yardsticks.cp(made),
        yardsticks.sed_print(made)], most=bench.least)
    yield at_least("20 MB, every document with images, one core",
                   "speed / bare libyaml",
                   speed(figures, "imgrewrite --check -j1"), 0.33)
    yield at_least("the same, --proof none", "speed / bare libyaml",
                   speed(figures, "imgrewrite --check --proof none -j1"), 0.8)
    if bench.two > 1:
        yield from two_cores(bench, made)
    yield from stream_kustomize(bench, made, figures)


def two_cores(bench, made):
    """The same file on one core and on two, whatever is done with it."""
    ways = [tool.to_stdout, tool.check, tool.diff, tool.in_place, tool.out_dir,
            tool.listing]
    pairs = [(way(made), way(made, jobs=2)) for way in ways]
    figures = bench.measure("20 MB, one core and two", made,
                            [command for pair in pairs for command in pair],
                            most=bench.least)
    for one, two in pairs:
        name = one.name.removesuffix(" -j1")
        yield at_least(f"20 MB, {name}, two cores", "speed / one core",
                       wall(figures, one.name, two.name), 1.8)


def stream_kustomize(bench, made, figures):
    """kustomize would take hours for 20 MB. What it would take is worked out
    from how its time grows."""
    small = bench.memory.stream(300_000, dense=True)
    twice = bench.memory.stream(600_000, dense=True)
    ratio = "speed / kustomize build"
    peers = (yardsticks.kustomize(bench.memory, small, "300 kB")
             + yardsticks.kustomize(bench.memory, twice, "600 kB"))
    bench.measure("300 kB, every document with images", small, [
        tool.check(small), *peers[:1], *yardsticks.yq(small)])
    if not peers:
        yield not_measured("against kustomize, 20 MB", ratio, "at least 1000",
                           "no kustomize")
        return
    theirs = bench.measure("600 kB, every document with images", twice, peers,
                           most=bench.least)
    half, whole = (theirs[peer.name].cpu for peer in peers)
    yield at_least("against kustomize, 20 MB, worked out", ratio,
                   work_out(half, whole, made.size / twice.size)
                   / figures["imgrewrite --check -j1"].cpu, 1000)


def work_out(half, whole, times):
    """Seconds that kustomize would take for so many times the size for which
    it takes `whole`, if its time went on growing as it has grown from `half`,
    with a part that grows by the square; that part may be all, or nothing."""
    square = min(max(2 * whole - 4 * half, 0), whole)
    seconds = (whole - square) * times + square * times ** 2
    print(f"\nFor 20 MB kustomize would take {seconds:.0f} s, if its time went "
          f"on growing as from 300 to 600 kB: it grows faster still.")
    return seconds


def large_stream(bench):
    """200 MB in one file."""
    made = bench.memory.stream(200_000_000, dense=False)
    ours = tool.check(made, jobs=bench.two)
    bench.measure("200 MB in one file", made, [
        ours, *yardsticks.bare(made), yardsticks.cp(made)], most=bench.least)
    beyond = peak_memory(ours) / 2**20
    yield at_most("peak memory, 200 MB in one file",
                  "MiB that are no mapped file", beyond, 64)
    bench.memory.drop()


DEFAULT = [start_up, thousand, thousand_on_disk, corpus, kube_prometheus,
           definitions, dense_stream, hundred_thousand, large_stream]
OPT_IN = [million]
