"""Limits that keep files and functions readable, for every C file.

They are as tight as the code is, so that it does not drift.
"""
import pathlib
import re
import statistics
import sys

import c_source

COLUMNS = 80
FILE_LINES = 600
FUNCTION_LINES = {"include": 45, "libimgrewrite": 45, "tools": 45, "tests": 60}
FUNCTION_P95 = 25
FUNCTION_MEDIAN = 10
NESTING = 3
MAIN_LINES = 160


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


def function_complaints(path, function, limit):
    where = f"{path}:{function.line}: {function.name}"
    if function.length > limit:
        yield f"{where} has {function.length} lines"
    if function.nesting > NESTING:
        yield f"{where} is nested {function.nesting} deep"


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    lengths = []
    for folder, limit in FUNCTION_LINES.items():
        for path, text in c_source.read(root, folder).items():
            found += file_complaints(path, text)
            for function in c_source.functions(text):
                found += function_complaints(path, function, limit)
                if folder != "tests":
                    lengths.append(function.length)
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
