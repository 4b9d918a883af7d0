"""``await_web.py PORT``: ends when a web server answers there, with status 1 after a minute without."""

import sys
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 60


def answers(port: int) -> bool:
    """Whatever it says: that a worker is away is no reason to hold back the web."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def main(port: int) -> int:
    """Ask until then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            sys.stderr.write(f"端口 {port} 上的网页服务没有应答。\n")
            return 1
        time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
