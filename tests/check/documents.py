"""The documents name what there is: options, presets, files."""
import pathlib
import re
import subprocess
import sys

COMMANDS = ("rewrite", "list", "resolve", "overlay", "presets", "help")


def options(tool):
    found = set()
    for command in COMMANDS:
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
             *check_links(root)]
    print("\n".join(found) or "the documents agree with what there is")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
