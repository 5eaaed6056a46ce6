"""Print the path of the test tools' virtual environment, making it when needed.

The environment holds the programs of tests/requirements.txt at their pinned
versions, each file checked against its hash. Its name is made from that file
and from the interpreter, so a changed pin is a new environment and nothing is
ever upgraded in place. On any trouble: one line on stderr, exit 1.

    usage: python3 scripts/venv.py DIRECTORY
"""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "requirements.txt"
OLDEST = (3, 10)
WANTED = ("aws", "moto_server", "cfn-lint")


def stop(line):
    sys.exit("test tools: " + line)


def name():
    """Same pins and same interpreter: same name."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes())
    key.update(f"{sys.version}\n{sys.executable}".encode())
    return key.hexdigest()[:16]


def run(log, what, *argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        log.flush()
        stop(f"{what}; the whole story is in {log.name}")


def why(log):
    """What pip most likely met, in words that say what to do."""
    text = pathlib.Path(log.name).read_text(errors="replace")
    if "DO NOT MATCH THE HASHES" in text:
        return "a package is not the one that tests/requirements.txt pins: do not trust this index"
    if "No module named pip" in text:
        return "this Python has no pip: install python3-pip and python3-venv"
    if "No matching distribution" in text and "from versions: none" not in text:
        return "a pinned package has no build for this Python: use 3.10 to 3.13"
    return "the package index cannot be reached: check the network, or set PIP_INDEX_URL to a mirror"


def fill(where):
    shutil.rmtree(where, ignore_errors=True)
    with open(where.parent / "pip.log", "w") as log:
        run(log, "cannot make a virtual environment: install python3-venv", sys.executable, "-m", "venv", str(where))
        pip = (str(where / "bin" / "python"), "-m", "pip", "--no-input", "install", "--disable-pip-version-check")
        # Wheels only: building from source would fetch a build tool that no hash vouches for.
        done = subprocess.run(
            (*pip, "--require-hashes", "--only-binary=:all:", "-r", str(REQUIREMENTS)),
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        log.flush()
        if done.returncode != 0:
            stop(f"{why(log)}; the whole story is in {log.name}")
    for program in WANTED:
        if not (where / "bin" / program).exists():
            stop(f"{program} is missing after the installation: remove {where} and try again")
    (where / "ready").touch()


def main():
    if sys.version_info < OLDEST:
        stop("Python %d.%d or newer is needed, this is %d.%d" % (*OLDEST, *sys.version_info[:2]))
    if len(sys.argv) != 2:
        stop("usage: python3 scripts/venv.py DIRECTORY")
    root = pathlib.Path(sys.argv[1]).resolve()
    root.mkdir(parents=True, exist_ok=True)
    where = root / name()
    # Two builds at once must not fill the same directory.
    with open(root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (where / "ready").exists():
            print("test tools: making a virtual environment, once (about a minute)", file=sys.stderr)
            fill(where)
    print(where)


if __name__ == "__main__":
    main()
