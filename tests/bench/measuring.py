"""Running commands, and what each run takes."""
import os
import statistics
import subprocess
import time
from typing import Callable, NamedTuple, Optional

LEAST = 5  # runs of each command
PATIENCE = 2.0  # seconds after which that is enough


class Command(NamedTuple):
    name: str
    argv: list
    stdin: str = os.devnull
    cores: Optional[int] = 1  # that it may run on; None: all
    fresh: Optional[Callable] = None  # makes what a run needs, not measured
    statuses: tuple = (0,)
    library: Optional[str] = None  # loaded first, and so not searched


class Figures(NamedTuple):
    wall: float  # medians, in seconds
    cpu: float
    runs: int


def sinks(command):
    """What a process gets as its standard input, output and error."""
    return [(os.POSIX_SPAWN_OPEN, 0, command.stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]


def start(command):
    """Starts a command; its process is never one of Python, whose start and
    memory would count."""
    allowed = os.sched_getaffinity(0)
    if command.cores:
        os.sched_setaffinity(0, sorted(allowed)[:command.cores])
    loaded = {"LD_PRELOAD": command.library} if command.library else {}
    try:
        return os.posix_spawnp(command.argv[0], command.argv,
                               {**os.environ, **loaded},
                               file_actions=sinks(command))
    finally:
        os.sched_setaffinity(0, allowed)


def check_status(command, status):
    if os.waitstatus_to_exitcode(status) not in command.statuses:
        raise RuntimeError(f"{command.name}: {' '.join(command.argv)} ended "
                           f"with {os.waitstatus_to_exitcode(status)}")


def run(command):
    """(wall, cpu) of one run, children included."""
    if command.fresh:
        command.fresh()
    began = time.perf_counter()
    _, status, usage = os.wait4(start(command), 0)
    wall = time.perf_counter() - began
    check_status(command, status)
    return wall, usage.ru_utime + usage.ru_stime


def medians(runs):
    return Figures(statistics.median(wall for wall, _ in runs),
                   statistics.median(cpu for _, cpu in runs), len(runs))


def measure(commands, least=LEAST, most=LEAST):
    """The figures of each command by its name. The commands take turns, for
    machines drift."""
    runs = {command.name: [] for command in commands}
    for turn in range(most):
        for command in commands:
            done = runs[command.name]
            if turn < least or sum(wall for wall, _ in done) < PATIENCE:
                done.append(run(command))
    return {name: medians(done) for name, done in runs.items()}


def anonymous_memory(process):
    """Bytes of a process that are no mapped file; 0 once it has ended."""
    try:
        with open(f"/proc/{process}/status", encoding="utf-8") as status:
            for line in status:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def peak_memory(command):
    """The most memory of a run beyond mapped files, looked at each
    millisecond."""
    if command.fresh:
        command.fresh()
    process = start(command)
    peak, ended = 0, 0
    while not ended:
        peak = max(peak, anonymous_memory(process))
        time.sleep(0.001)
        ended, status = os.waitpid(process, os.WNOHANG)
    check_status(command, status)
    return peak


def count_with_perf(argv):
    """Instructions of a run in user mode, by the processor's own counter."""
    done = subprocess.run(
        ["perf", "stat", "-x,", "-e", "instructions:u", *argv],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        check=False)
    for line in done.stderr.splitlines():
        fields = line.split(",")
        if len(fields) > 2 and fields[0].isdigit():
            return int(fields[0])
    return None


def count_with_callgrind(argv):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         *argv], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        check=False)
    for line in done.stderr.splitlines():
        if "Collected :" in line:
            return int(line.split()[-1])
    return None


def count_instructions(argv):
    """(number, program that counted); the number is None where nothing can."""
    for program, count in (("perf", count_with_perf),
                           ("callgrind", count_with_callgrind)):
        try:
            number = count(argv)
        except FileNotFoundError:
            continue
        if number:
            return number, program
    return None, "neither perf nor valgrind"
