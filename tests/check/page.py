"""The page of kinds is the one that the catalog makes.

    page.py GENERATED KEPT
"""
import sys


def main(generated, kept):
    with open(generated, encoding="utf-8") as file:
        wanted = file.read()
    with open(kept, encoding="utf-8") as file:
        found = file.read()
    if wanted == found:
        return 0
    print(f"{kept} is out of date: copy {generated} over it")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
