#!/usr/bin/env python3
"""Runs a command beside registries on loopback, and ends them after it.

    with_servers.py [--servers NAME,...] [--delay MS] [--many] COMMAND...

IRW_* variables tell the command where the servers are; README.md has them. The
status is that of the command, or 77, which says to Meson that it was skipped,
where a program is not installed that a server needs.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from servers import docker, fleet

SKIPPED = 77

# Where files cost least; None stands for the usual folder.
MEMORY = '/dev/shm' if os.access('/dev/shm', os.W_OK | os.X_OK) else None


def read_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(
        usage='%(prog)s [--servers NAME,...] [--delay MS] [--many] COMMAND...')
    parser.add_argument('--servers', default=','.join(fleet.NEEDS),
                        help='which; all: ' + ', '.join(fleet.NEEDS))
    parser.add_argument('--delay', type=float, default=25,
                        help='of the relay, in milliseconds one way; 25')
    parser.add_argument('--many', action='store_true',
                        help=f'add the repositories many/0 to many/'
                        f'{fleet.MANY - 1}')
    parser.add_argument('command', nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    arguments.servers = arguments.servers.split(',')
    unknown = set(arguments.servers) - set(fleet.NEEDS)
    if unknown or not arguments.command:
        parser.error(f'there is no server {" or ".join(sorted(unknown))}'
                     if unknown else 'a command is needed')
    return arguments


def run(command, variables):
    """Runs the command. Proxies of the caller are not for loopback."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.lower().endswith('_proxy')
                   and not name.startswith('REGISTRY_')}
    with subprocess.Popen(command, env={**environment, **variables},
                          preexec_fn=docker.die_with_parent) as child:
        try:
            status = child.wait()
        finally:
            if child.poll() is None:
                child.kill()
    return 128 - status if status < 0 else status


def end(number, _):
    """Ends on a signal, through every `finally`."""
    sys.exit(128 + number)


def main():
    """Starts, runs, ends."""
    arguments = read_arguments()
    absent = fleet.missing(arguments.servers)
    if absent:
        print(f'skipped: {" and ".join(absent)} not installed',
              file=sys.stderr)
        return SKIPPED
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)
    folder = tempfile.mkdtemp(prefix='imgrewrite-registry-', dir=MEMORY)
    try:
        with fleet.Fleet(arguments.servers, folder, arguments.delay / 1000,
                         arguments.many) as servers:
            return run(arguments.command, servers.variables())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
