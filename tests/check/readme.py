"""The README's C program does what the README says."""
import pathlib
import subprocess
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    source = (root / "fixtures/quickstart/backup.yaml").read_bytes()
    result = subprocess.run([sys.argv[2]], input=source, capture_output=True,
                            check=False)
    expected = source.replace(b"quay.io/", b"mirror.example.com/quay/")
    print(result.stderr.decode())
    if result.returncode != 0 or result.stdout != expected:
        print(result.stdout.decode())
        return 1
    broken = subprocess.run([sys.argv[2]], input=b"a: [1", check=False,
                            capture_output=True)
    print(broken.stderr.decode())
    return not (broken.returncode == 1 and b":1:6: " in broken.stderr)


if __name__ == "__main__":
    sys.exit(main())
