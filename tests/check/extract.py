"""Takes the one C program out of the README, or out of a manual page."""
import pathlib
import re
import sys

ESCAPES = {"\\-": "-", "\\e": "\\", "\\(aq": "'"}


def programs(path):
    text = path.read_text()
    if path.suffix == ".md":
        return re.findall(r"^```c\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found = re.findall(r"^\.EX\n(#include.*?)^\.EE", text,
                       re.DOTALL | re.MULTILINE)
    return [re.sub(r"\\(?:-|e|\(aq)", lambda match: ESCAPES[match[0]], program)
            for program in found]


def main():
    path = pathlib.Path(sys.argv[1])
    found = programs(path)
    if len(found) != 1:
        sys.exit(f"{path.name} holds {len(found)} C programs, not one")
    pathlib.Path(sys.argv[2]).write_text(found[0])


if __name__ == "__main__":
    main()
