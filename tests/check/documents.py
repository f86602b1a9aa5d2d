"""The documents name what there is: options, presets, files."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMMANDS = ("rewrite", "list", "resolve", "overlay", "fn", "probe", "presets",
            "help")


def options(tool):
    found = set()
    for command in COMMANDS:
        if command == "probe" and "IMGREWRITE_LIBEXEC" not in os.environ:
            continue  # its program is not built
        text = subprocess.run([tool, "help", command], check=True,
                              capture_output=True, text=True).stdout
        found |= set(re.findall(r"--([a-z][a-z-]+)", text))
    return found


def unescape(page):
    return page.replace("\\-", "-")


def check_options(root, tool):
    page = unescape((root / "tools/imgrewrite/imgrewrite.1").read_text())
    folder = root / "tools/imgrewrite/completions"
    places = {"imgrewrite.1": page}
    for path in sorted(folder.iterdir()):
        places[path.name] = path.read_text()
    for name, text in places.items():
        for option in sorted(options(tool)):
            if not re.search(rf"(?:--|-l ){option}(?![a-z-])", text):
                yield f"{name} does not know --{option}"


def check_presets(root, tool):
    """Every preset is where people look for it."""
    text = subprocess.run([tool, "presets"], check=True, capture_output=True,
                          text=True).stdout
    names = re.findall(r"^([a-z][a-z-]+) ", text, re.MULTILINE)
    folder = root / "tools/imgrewrite"
    for path in (folder / "imgrewrite-rules.5",
                 *sorted((folder / "completions").iterdir())):
        words = set(re.findall(r"[a-z][a-z-]+", unescape(path.read_text())))
        for name in names:
            if name not in words:
                yield f"{path.name} does not know the preset {name}"


NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve "
           "thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
           "twenty").split()


def check_numbers(root, tool):
    """What the documents count is what there is. The page of kinds, which the
    catalog makes, has their number; the others round it, for it grows."""
    page = (root / "libimgrewrite/kinds.md").read_text()
    kinds = int(re.search(r"(\d+) kinds", page).group(1)) // 50 * 50
    presets = len(re.findall(r"^[a-z]", subprocess.run(
        [tool, "presets"], check=True, capture_output=True, text=True).stdout,
        re.MULTILINE))
    for name in ("README.md", "libimgrewrite/README.md",
                 "tools/imgrewrite/imgrewrite.1", "libimgrewrite/libimgrewrite.3"):
        text = " ".join((root / name).read_text().split())
        for words, number in re.findall(r"(\S+ \S+) (\d+) kinds", text):
            if (words, int(number)) != ("more than", kinds):
                yield f"{name}: there are more than {kinds} kinds"
        for number in re.findall(r"presets` lists (\w+)", text):
            if number != NUMBERS[presets]:
                yield f"{name}: there are {NUMBERS[presets]} presets"


def check_commands(root):
    """The synopsis of the manual has every command."""
    page = unescape((root / "tools/imgrewrite/imgrewrite.1").read_text())
    synopsis = page.split(".SH SYNOPSIS")[1].split(".SH ")[0]
    for command in COMMANDS:
        if f".B imgrewrite {command}\n" not in synopsis:
            yield f"the synopsis of imgrewrite.1 does not know {command}"


SKOPEO = """#!/bin/sh
# Copies nothing; refuses what skopeo refuses: a tag beside a digest.
for word; do
    case ${word##*/} in
    *:*@*) exit 1 ;;
    esac
    echo "$word"
done
"""


def check_copying(root, tool):
    """skopeo takes what the README's line hands to it."""
    text = (root / "README.md").read_text()
    lines = re.search(r"^    imgrewrite list [^\n]*\n +-o skopeo-[^\n]*\n", text,
                      re.MULTILINE).group(0)
    digest = "sha256:" + "0" * 64
    images = {"nginx": "nginx:latest", "redis:1": "redis:1",
              f"a/b@{digest}": f"a/b@{digest}",
              f"httpd:1@{digest}": f"httpd@{digest}"}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "deploy").mkdir()
        (folder / "deploy/a.yaml").write_text(
            "kind: Pod\nspec:\n  containers:\n" +
            "".join(f"  - image: {image}\n" for image in images))
        (folder / "skopeo").write_text(SKOPEO)
        (folder / "skopeo").chmod(0o755)
        (folder / "imgrewrite").symlink_to(os.path.abspath(tool))
        done = subprocess.run(
            ["sh", "-c", lines], cwd=folder, check=False, capture_output=True,
            text=True,
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
    want = {f"docker://docker.io/{image}" if "/" in image
            else f"docker://docker.io/library/{image}"
            for image in images.values()}
    if done.returncode != 0 or not want <= set(done.stdout.split()):
        yield f"README.md: the line that copies images: {done.stdout}"


def check_functions(root):
    """The manual of the library names what the headers declare."""
    headers = "".join(path.read_text() for path in
                      sorted((root / "include/imgrewrite").glob("*.h")))
    declared = set(re.findall(r"\w+", headers))
    for name in ("libimgrewrite/libimgrewrite.3", "README.md"):
        text = unescape((root / name).read_text())
        for word in sorted(set(re.findall(r"imgrw_\w+|IMGRW_\w+", text))):
            if word not in declared and not word.endswith("_"):
                yield f"{name} names {word}, which is in no header"


def pages(root):
    """Every Markdown page of the tree, those of builds left out."""
    for path in sorted(root.rglob("*.md")):
        parts = path.relative_to(root).parts
        if not parts[0].startswith(("build", ".")):
            yield path


def check_links(root):
    """Relative links in Markdown lead somewhere."""
    for path in pages(root):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            if not (path.parent / link).exists():
                yield (f"{path.relative_to(root)} links to {link}, "
                       "which is not there")


def main():
    root = pathlib.Path(sys.argv[1])
    found = [*check_options(root, sys.argv[2]),
             *check_presets(root, sys.argv[2]), *check_functions(root),
             *check_links(root), *check_numbers(root, sys.argv[2]),
             *check_commands(root), *check_copying(root, sys.argv[2])]
    print("\n".join(found) or "the documents agree with what there is")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
