"""Every header compiles by itself; the public ones in strict C11.

    headers.py ROOT COMPILER...

A header is proved by the .c file of its name, which includes it first; the
compiler is only asked about those that have none, and about the public ones.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
INCLUDE = re.compile(r'^#include [<"]([^">]+)[">]', re.MULTILINE)


def compile_alone(headers, command, folder):
    """Compiles a file for each header; what the compiler says."""
    sources = []
    for number, header in enumerate(headers):
        source = pathlib.Path(folder) / f"{number}.c"
        source.write_text(f'#include "{header}"\n')
        sources.append(source)
    done = subprocess.run([*command, *WARNINGS, "-fsyntax-only", *sources],
                          capture_output=True, text=True, check=False)
    return [done.stderr] if done.returncode else []


def check_first(root, header, source):
    """The .c file of a header's name includes it first."""
    first = INCLUDE.search(source.read_text())
    if not first or root / "libimgrewrite" / first[1] != header:
        yield f"{source} does not include {header.name} first"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    compiler = sys.argv[2:]
    public = sorted((root / "include").rglob("*.h"))
    alone, found = [], []
    for header in sorted((root / "libimgrewrite").rglob("*.h")):
        source = header.with_suffix(".c")
        if source.exists():
            found += check_first(root, header, source)
        else:
            alone.append(header)
    with tempfile.TemporaryDirectory() as folder:
        found += compile_alone(public, [*compiler, "-std=c11",
                                        f"-I{root}/include"], folder)
        found += compile_alone(alone, [*compiler, "-std=c17", "-D_GNU_SOURCE",
                                       f"-I{root}/include",
                                       f"-I{root}/libimgrewrite"], folder)
    print("\n".join(found))
    print(f"{len(public)} public headers and {len(alone)} of no .c file")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
