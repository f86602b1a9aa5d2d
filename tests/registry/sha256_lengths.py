"""Compares the digests that a program prints with those of Python."""
import collections
import hashlib
import subprocess
import sys

MOST = 200

printed = subprocess.run(sys.argv[1:], check=True, capture_output=True,
                         text=True).stdout
digests = collections.defaultdict(list)
for line in printed.splitlines():
    size, digest = line.split()
    digests[int(size)].append(digest)

assert sorted(digests) == list(range(MOST + 1)), sorted(digests)
for size, found in digests.items():
    # at once, one by one, and in two parts
    assert len(found) == 2 + size + 1, (size, len(found))
    expected = hashlib.sha256(bytes(range(size))).hexdigest()
    assert set(found) == {expected}, (size, set(found), expected)
