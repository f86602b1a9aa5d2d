"""What the tool is measured beside: copying, parsing, and other tools."""
import os
import shutil

from inputs import clear, copy, write
from measuring import Command

BARE = {"libyaml": os.environ.get("BARE_LIBYAML"),
        "libfyaml": os.environ.get("BARE_LIBFYAML")}
SED = "s#image: quay.io/#image: r.example.com/quay/#"
YQ = ('(.. | select(tag == "!!map" and has("image")).image) |= '
      'sub("^quay.io", "r.example.com/quay")')


def find_peer(name):
    peers = os.environ.get("IMGREWRITE_PEERS")
    path = os.path.join(peers, "bin", name) if peers else None
    return path if path and os.path.exists(path) else shutil.which(name)


def bare(made):
    """Parsing with each library, and doing nothing about it."""
    return [Command(f"bare {library}", [tool], stdin=made.names)
            for library, tool in BARE.items()]


def cp(made, sync=False):
    to = made.path + ".cp"
    argv = ["cp", "-r", made.path, to]
    if sync:
        argv = ["sh", "-c", 'cp -r "$0" "$1" && sync -f "$1"', made.path, to]
    return Command("cp -r, sync" if sync else "cp -r", argv,
                   fresh=lambda: clear(to))


def sed_print(made):
    return Command("sed", ["sed", SED, made.path])


def in_place(name, argv, made):
    """A command that changes the files whose names it is given."""
    to = made.path + ".edited"
    names = to + ".names"

    def fresh():
        copy(made, to)
        write(names, [file.replace(made.path, to, 1) + "\n"
                      for file in made.files])

    return Command(name, ["xargs", "-a", names, *argv], fresh=fresh)


def sed(made):
    return in_place("sed -s -i", ["sed", "-s", "-i", SED], made)


def yq(made):
    """At most one command; it prints the input with some images changed, as
    sed does: with -i it would write all files into the first."""
    tool = find_peer("yq-go")
    return [Command("yq", [tool, YQ, *made.files])] if tool else []


def kustomize(inputs, made, size):
    """At most one command; it prints the input with other images."""
    tool = find_peer("kustomize")
    if not tool:
        return []
    return [Command(f"kustomize build, {size}",
                    [tool, "build", inputs.kustomization(made).path])]
