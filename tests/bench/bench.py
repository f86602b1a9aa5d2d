"""How fast imgrewrite is, as ratios to yardsticks measured in the same run.

Every figure is the least CPU time, user and system, of several runs of a
whole process on one core. Sets: the real manifests in
$IMGREWRITE_TEST_DATA/corpus, where that is set, and generated streams.
Peers, where they are installed or in $IMGREWRITE_PEERS/bin: kustomize and
yq-go.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from generate import generate

TOOL = os.environ["IMGREWRITE"]
BARE = [("libyaml events", os.environ["BARE_LIBYAML"]),
        ("libfyaml events", os.environ["BARE_LIBFYAML"])]
PREFIXES = ["docker.io=r.example.com/hub", "quay.io=r.example.com/quay",
            "registry.k8s.io=r.example.com/k8s"]
RULES = [word for prefix in PREFIXES for word in ("--prefix", prefix)]
RUNS = 15
PATIENCE = 5.0  # seconds of CPU after which a command has run enough
KUSTOMIZE_MAX = 1_000_000  # bytes; it takes time by the square of resources


def on_one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def run_once(command, stdin):
    """CPU seconds of one run."""
    with open(os.devnull, "wb") as sink:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=sink,
                                 stderr=sink, preexec_fn=on_one_core)
        child.stdin.write(stdin)
        child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wanted = (0, 1) if command[0] == TOOL else (0,)
    if child.returncode not in wanted:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def measure(commands):
    """The least time of each; they take turns, for machines drift."""
    best = {}
    spent = dict.fromkeys(commands, 0.0)
    for _ in range(RUNS):
        for what, (command, stdin) in commands.items():
            if spent[what] > PATIENCE:
                continue
            seconds = run_once(command, stdin)
            spent[what] += seconds
            best[what] = min(best.get(what, seconds), seconds)
    return best


def list_files(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            if name.endswith((".yaml", ".yml", ".json")):
                yield os.path.join(folder, name)


def find_peer(name):
    peers = os.environ.get("IMGREWRITE_PEERS")
    path = os.path.join(peers, "bin", name) if peers else None
    return path if path and os.path.exists(path) else shutil.which(name)


def write_streams(folder):
    sets = []
    for name, size, dense in (("generated", 20_000_000, False),
                              ("all edited", 10_000_000, True),
                              ("small", 300_000, False)):
        path = os.path.join(folder, name.replace(" ", "-") + ".yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(generate(size, dense))
        sets.append((name, path))
    return sets


def our_commands(path):
    rewrite = [TOOL, "rewrite", *RULES, "--check", "-q", "-j1",
               "--skip-unparsable", path]
    yield "imgrewrite", rewrite
    for proof in ("reread", "none"):
        yield f"imgrewrite --proof {proof}", [*rewrite, "--proof", proof]
    yield "imgrewrite list", [TOOL, "list", "-q", "-j1", "-o", "tsv",
                              "--skip-unparsable", path]


def peer_commands(path, files, folder):
    """(name, command) of other ways to change images in the same bytes."""
    expression = r"s#image: \(quay.io\)/#image: r.example.com/quay/#"
    yield "sed", ["sed", expression, *files]
    yq = find_peer("yq-go")
    if yq and os.path.isfile(path):
        yield "yq-go", [yq, '(.. | select(tag == "!!map" and has("image"))'
                            '.image) |= sub("^quay.io", "r.example.com/q")',
                        path]
    kustomize = find_peer("kustomize")
    if (kustomize and os.path.isfile(path)
            and os.path.getsize(path) <= KUSTOMIZE_MAX):
        build = os.path.join(folder, "build")
        os.makedirs(build, exist_ok=True)
        shutil.copy(path, os.path.join(build, "all.yaml"))
        with open(os.path.join(build, "kustomization.yaml"), "w",
                  encoding="utf-8") as out:
            out.write("resources: [all.yaml]\nimages:\n- name: nginx\n"
                      "  newName: r.example.com/hub/nginx\n")
        yield "kustomize", [kustomize, "build", build]


def show(what, seconds, size, yardstick):
    print(f"  {what:<28} {seconds:8.3f} s {size / seconds / 1e6:8.1f} MB/s"
          f" {yardstick / seconds:8.2f}")


def bench(name, path, folder):
    files = [path] if os.path.isfile(path) else list(list_files(path))
    size = sum(os.path.getsize(file) for file in files)
    names = "".join(file + "\n" for file in files).encode()
    commands = {what: ([tool], names) for what, tool in BARE}
    commands |= {what: (command, b"") for what, command in our_commands(path)}
    commands |= {what: (command, b"")
                 for what, command in peer_commands(path, files, folder)}
    best = measure(commands)
    yardstick = min(best[what] for what, _ in BARE)
    print(f"{name}: {len(files)} files, {size / 1e6:.1f} MB"
          "  (last column: speed as a ratio to the faster bare parse)")
    for what, seconds in best.items():
        show(what, seconds, size, yardstick)


def main():
    data = os.environ.get("IMGREWRITE_TEST_DATA")
    with tempfile.TemporaryDirectory() as folder:
        if data:
            bench("corpus", os.path.join(data, "corpus"), folder)
        else:
            print("IMGREWRITE_TEST_DATA is not set: no real manifests")
        for name, path in write_streams(folder):
            bench(name, path, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
