"""How long probe takes over a long wire, beside requests one after the other.

    with_servers.py --many --servers relay,bearer,token measure.py [PROBE]

It prints a line. The wire takes 50 ms there and back, and there are 200 images
of 100 repositories, each of which needs a token of its own: a request for each
image, for each token, and one to learn where tokens come from.
"""
import os
import statistics
import subprocess
import sys
import time

RELAY = os.environ['IRW_RELAY']
IMAGES = [f'{RELAY}/many/{index}:{tag}'
          for index in range(int(os.environ['IRW_MANY']))
          for tag in ('multi', 'one')]
RUNS = 5


def seconds(program, *images):
    """The median of some runs."""
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        subprocess.run(
            [program, '-q', '-o', 'json', '--ca-file',
             os.environ['IRW_CA_FILE'], *images],
            check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - begin)
    return statistics.median(times)


def main():
    program = (sys.argv[1:] or ['build-release/tools/imgrewrite-probe/'
                                'imgrewrite-probe'])[0]
    one, many = seconds(program, IMAGES[0]), seconds(program, *IMAGES)
    print(f'{len(IMAGES)} images: {many:.2f} s, one image: {one:.2f} s, '
          f'{len(IMAGES)} of these: {len(IMAGES) * one / many:.0f} times as '
          'long')


if __name__ == '__main__':
    main()
