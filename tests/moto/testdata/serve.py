"""moto_server that ends when its standard input does.

Whoever starts it holds the other end, so no server outlives its test, however
the test ends.
"""

import os
import sys
import threading

from moto.server import main


def leave():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=leave, daemon=True).start()
main(sys.argv[1:])
