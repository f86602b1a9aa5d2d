"""Limits that keep files and functions readable, for every C file."""
import pathlib
import re
import statistics
import sys

COLUMNS = 80
FILE_LINES = 600
FUNCTION_LINES = 80
FUNCTION_P95 = 50
FUNCTION_MEDIAN = 14
FOLDERS = ("include", "libimgrewrite", "tools", "tests")
MAIN_LINES = 160


def functions(text):
    """(first line, number of lines) of each function body."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield start, number - start - 1
            start = None


def file_complaints(path, text):
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield f"{path}:{number}: {len(line)} columns"
        if "\t" in line:
            yield f"{path}:{number}: a tab"
        if line != line.rstrip():
            yield f"{path}:{number}: blanks at the end"
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            yield f"{path}:{number}: an unfinished mark"
    if len(lines) > FILE_LINES:
        yield f"{path}: {len(lines)} lines"
    if path.suffix == ".h" and "#pragma once" not in text:
        yield f"{path}: no #pragma once"
    for start, length in functions(text):
        if length > FUNCTION_LINES:
            yield f"{path}:{start}: a function of {length} lines"


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    lengths = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]")):
            text = path.read_text()
            found += file_complaints(path, text)
            if folder != "tests":
                lengths += [length for _, length in functions(text)]
    main_lines = len((root / "tools/imgrewrite/main.c").read_text()
                     .splitlines())
    if main_lines > MAIN_LINES:
        found.append(f"main.c has {main_lines} lines")
    lengths.sort()
    median = statistics.median(lengths)
    p95 = lengths[int(len(lengths) * 0.95)]
    print(f"{len(lengths)} functions: median {median}, 95 % {p95}, "
          f"longest {lengths[-1]} lines")
    if median > FUNCTION_MEDIAN or p95 > FUNCTION_P95:
        found.append("functions have grown too long")
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
