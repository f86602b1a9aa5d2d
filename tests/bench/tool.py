"""The tool, as it is measured."""
import os

from inputs import clear, copy
from measuring import Command

TOOL = os.environ.get("IMGREWRITE")
# The loader finds the library of an installed tool in its cache; for one in a
# folder of builds it looks into two dozen folders.
LIBRARY = os.environ.get("IMGREWRITE_LIBRARY")
RULES = ["--prefix", "docker.io=r.example.com/hub",
         "--prefix", "quay.io=r.example.com/quay",
         "--prefix", "registry.k8s.io=r.example.com/k8s"]
NO_RULE = ["--prefix", "registry.example.org=r.example.com/none"]


def rewrite(name, made, *words, rules=RULES, jobs=1, fresh=None, path=None):
    """A rewrite of an input, or of the copy of it at `path`."""
    argv = [TOOL, "rewrite", *rules, "-q", f"-j{jobs}",
            "--max-size=1G", "--skip-unparsable", *words, path or made.path]
    return Command(name, argv, cores=jobs, fresh=fresh,
                   statuses=(0, 1) if "--check" in words else (0,),
                   library=LIBRARY)


def to_stdout(made, jobs=None):
    name = f"imgrewrite -j{jobs}" if jobs else "imgrewrite"
    return rewrite(name, made, jobs=jobs or 1)


def diff(made, jobs=1):
    return rewrite(f"imgrewrite --diff -j{jobs}", made, "--diff", jobs=jobs)


def listing(made, jobs=1):
    argv = [TOOL, "list", "-q", f"-j{jobs}", "--max-size=1G", made.path]
    return Command(f"imgrewrite list -j{jobs}", argv, cores=jobs,
                   library=LIBRARY)


def check(made, *words, **options):
    """Reads, plans and proves, and writes nothing."""
    name = " ".join(["imgrewrite --check", *words])
    return rewrite(f"{name} -j{options.get('jobs', 1)}", made, "--check",
                   *words, **options)


def check_nothing(made, **options):
    """No image matches the rule."""
    return rewrite(f"imgrewrite --check, nothing matches "
                   f"-j{options.get('jobs', 1)}", made, "--check",
                   rules=NO_RULE, **options)


def out_dir(made, name="imgrewrite -O", **options):
    to = made.path + ".out"
    return rewrite(f"{name} -j{options.get('jobs', 1)}", made, "-O", to,
                   fresh=lambda: clear(to), **options)


def out_dir_nothing(made, **options):
    return out_dir(made, "imgrewrite -O, nothing matches", rules=NO_RULE,
                   **options)


def in_place(made, jobs=1):
    to = made.path + ".edited"
    return rewrite(f"imgrewrite -i -j{jobs}", made, "-i", jobs=jobs,
                   fresh=lambda: copy(made, to), path=to)
