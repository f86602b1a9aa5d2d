"""Which shared libraries a program or a library needs to start.

Starting with libcurl takes four times as long as without it, so that it belongs
to the program that asks registries alone.
"""
import re
import subprocess
import sys

NEEDED = re.compile(r'\(NEEDED\).*\[(.+)\]')
OTHERS = ('libcurl', 'libjansson', 'libimgrewrite-registry')


def needed(path):
    """The names of shared libraries that the file itself asks for."""
    run = subprocess.run(['readelf', '-d', path], check=True,
                         stdout=subprocess.PIPE, text=True)
    return NEEDED.findall(run.stdout)


def main():
    """Complains of each that none of the files should need."""
    status = 0
    for path in sys.argv[1:]:
        names = needed(path)
        if not names:
            sys.exit(f'{path}: needs nothing at all, which cannot be')
        for name in names:
            if name.startswith(OTHERS):
                print(f'{path}: needs {name}')
                status = 1
    return status


if __name__ == '__main__':
    sys.exit(main())
