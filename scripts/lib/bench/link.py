"""The long link: a delaying proxy before each of the servers."""

import contextlib
import subprocess
import sys


@contextlib.contextmanager
def long_link(scripts, servers, delay_ms, mbit):
    """Yields the ports of the proxies, in the order of the servers."""
    proxies = []
    try:
        for server in servers:
            command = [f"{scripts}/delay-proxy", "--to", f"127.0.0.1:{server.port}", "--delay-ms", str(delay_ms), "--mbit", str(mbit)]
            proxies.append(subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True))
        yield [int(proxy.stdout.readline()) for proxy in proxies]
    finally:
        for proxy in proxies:
            proxy.terminate()
            proxy.communicate()
