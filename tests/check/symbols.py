"""The shared library exports what its headers declare, and nothing else.

    symbols.py ROOT LIBRARY [HEADER]

The library of HEADER has the functions of this one alone; without it, LIBRARY is
that of all headers which have no library of their own.
"""
import pathlib
import re
import subprocess
import sys


BESIDE = ("registry.h",)


def declared(root, header):
    text = ""
    for path in sorted((root / "include/imgrewrite").glob(header or "*.h")):
        if not header and path.name in BESIDE:
            continue
        text += re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"IMGRW_EXPORT[^;{]*?\b(imgrw_\w+)\(", text))


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    names = {line.split()[-1] for line in lines}
    versions = {name for name in names if name.startswith("IMGREWRITE_")}
    plain = {name.split("@")[0] for name in names - versions}
    return plain, versions


def main():
    header = sys.argv[3] if len(sys.argv) > 3 else None
    wanted = declared(pathlib.Path(sys.argv[1]), header)
    found, versions = exported(sys.argv[2])
    for name in sorted(wanted - found):
        print(f"{name} is declared and not exported")
    for name in sorted(found - wanted):
        print(f"{name} is exported and not declared")
    print(f"{len(found)} symbols, versions {sorted(versions)}")
    return bool(wanted ^ found) or not versions or not wanted


if __name__ == "__main__":
    sys.exit(main())
