"""Measures the code: sizes, lengths, nesting, comments, copies, the interface.

    measure.py FOLDER...

Prints one column for each tree, so that two can be compared.
"""
import re
import statistics
import sys

import c_source

LIBRARY = ("include", "libimgrewrite")
WINDOW = 50  # tokens: copies that are shorter are not counted
KEYWORDS = frozenset(
    "break bool case char const continue default do else enum extern for goto "
    "if inline int long return short signed size_t sizeof static struct switch "
    "typedef union unsigned void volatile while".split())
OWNERSHIP = re.compile(
    r"\b(free|freed|frees|releases?|borrow\w*|owns?|owned|lives?|belongs?|"
    r"cop(y|ies|ied)|kept|keeps|valid|until|outlives?|caller|_free)\b|_free\b")
FAILURE = re.compile(
    r"\b(fails?|failed|failure|errors?|NULL|refused?|invalid|cannot|status|"
    r"malformed|IMGRW_ERR_\w+|IMGRW_OK|unless|if it is not|out of memory)\b")


def percentile(values, share):
    return sorted(values)[int(len(values) * share)]


def spread(values):
    """Median, 95th percentile and maximum."""
    return (f"{statistics.median(values):g} / {percentile(values, 0.95)} / "
            f"{max(values)}")


def count_lines(files):
    return sum(text.count("\n") for text in files.values())


def comment_lines(text):
    """The lines that hold a comment, or a part of one."""
    return len({number for match in c_source.COMMENT.finditer(text)
                for number in range(text.count("\n", 0, match.start()),
                                    text.count("\n", 0, match.end()) + 1)})


def normal(token):
    """A token, where names, numbers and texts are all alike."""
    if token in KEYWORDS:
        return token
    for kind in (r"[A-Za-z_]", r"\d", r"[\"']"):
        if re.match(kind, token):
            return kind
    return token


def copied(files):
    """The share of tokens in runs of fifty that are there more than once."""
    sequences = [[normal(token) for token in c_source.tokens(text)]
                 for text in files.values()]
    places = {}
    for number, tokens in enumerate(sequences):
        for at in range(len(tokens) - WINDOW + 1):
            places.setdefault(hash(tuple(tokens[at:at + WINDOW])),
                              []).append((number, at))
    marks = [bytearray(len(tokens)) for tokens in sequences]
    for found in places.values():
        for number, at in found if len(found) > 1 else ():
            marks[number][at:at + WINDOW] = b"\1" * WINDOW
    return sum(map(sum, marks)) / sum(map(len, marks))


def percent(part, whole):
    return f"{100 * part / whole:.1f} %"


def share(items, holds):
    return percent(sum(1 for item in items if holds(item)), len(items))


def measure_functions(functions):
    lengths = [function.length for function in functions]
    nesting = [function.nesting for function in functions]
    branches = [function.branches for function in functions]
    yield "functions", len(functions)
    yield "length, median / p95 / max", spread(lengths)
    yield "longer than 50 lines", sum(length > 50 for length in lengths)
    yield "nesting > 4 / > 3", (f"{sum(depth > 4 for depth in nesting)} / "
                                f"{sum(depth > 3 for depth in nesting)}")
    yield "branches, p95 / max", (f"{percentile(branches, 0.95)} / "
                                  f"{max(branches)}")
    wide = sum(function.parameters > 5 for function in functions)
    yield "more than 5 parameters", f"{wide} ({percent(wide, len(functions))})"
    yield "with a comment before", share(functions, lambda one: one.comment)
    yield "comment lines in bodies", percent(
        sum(comment_lines(function.body) for function in functions),
        sum(lengths))


def measure_interface(functions):
    documented = [one for one in functions if one.comment]
    yield "public functions", len(functions)
    yield "  documented", percent(len(documented), len(functions))
    yield "  speak of ownership", share(functions, lambda one:
                                        OWNERSHIP.search(one.comment))
    yield "  speak of failure", share(functions, lambda one:
                                      FAILURE.search(one.comment))
    yield "  more than 5 parameters", sum(one.parameters > 5
                                          for one in functions)


def measure(root):
    """The rows of the table for one tree."""
    library = c_source.read(root, *LIBRARY)
    files = {**library, **c_source.read(root, "tools")}
    tests = c_source.read(root, "tests", suffixes=(".c", ".h", ".py"))
    lines = [line for text in files.values() for line in text.splitlines()]
    lengths = [text.count("\n") for text in files.values()]
    functions = [one for text in files.values()
                 for one in c_source.functions(text)]
    interface = [one for path, text in library.items()
                 if path.parts[0] == "include"
                 for one in c_source.prototypes(text)]

    yield "files / lines", f"{len(files)} / {len(lines)}"
    yield "lines of the library alone", count_lines(library)
    yield "  of these in public headers", count_lines(
        {path: text for path, text in library.items()
         if path.parts[0] == "include"})
    yield from measure_functions(functions)
    yield "lines over 80 columns", sum(len(line) > 80 for line in lines)
    yield "file length, median / max", (f"{statistics.median(lengths):g} / "
                                        f"{max(lengths)}")
    yield "comment lines, of non-blank", percent(
        sum(map(comment_lines, files.values())),
        sum(1 for line in lines if line.strip()))
    yield f"copied tokens (runs of {WINDOW})", f"{100 * copied(files):.1f} %"
    yield from measure_interface(interface)
    yield "test / library lines", f"{count_lines(tests) / len(lines):.2f}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tables = [dict(measure(root)) for root in sys.argv[1:]]
    for name in tables[0]:
        print(f"{name:32}", *(f"{table[name]!s:>18}" for table in tables))


if __name__ == "__main__":
    main()
