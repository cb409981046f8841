"""harness.py: starts whole PATRIOT systems in folders of their own and asks them things. Used by the tests of tests/app.

Waiting is for events: wait_for() sleeps until a file of one of the systems changes (journal, logs, locks, sockets, the exchange's own records).
"""
import ctypes
import hashlib
import hmac
import json
import os
import pathlib
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request


class Changes:
    """inotify on folders and all folders in them: what the processes of a system write is the event that others wait for."""

    MODIFY, MOVED_TO, CREATE, DELETE, IS_FOLDER = 0x2, 0x80, 0x100, 0x200, 0x40000000
    UNSEEN_S = 0.25  # for what changes in a process's memory only, and so has no event outside it

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.file = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.roots = []

    def look_at_folders(self):
        """A folder that is watched already stays as it is; one that something was mounted over is another one."""
        for root in self.roots:
            for folder, inside, _ in os.walk(root):
                for path in [folder] + [os.path.join(folder, name) for name in inside]:  # os.walk goes round links, and one may be a folder
                    self.libc.inotify_add_watch(self.file, os.fsencode(path), self.MODIFY | self.MOVED_TO | self.CREATE | self.DELETE)

    def forget(self):
        """Takes what has come; folders made meanwhile are watched from now on."""
        try:
            data = os.read(self.file, 65536)
        except BlockingIOError:
            return
        place = 0
        while place < len(data):
            _, mask, _, length = struct.unpack_from("iIII", data, place)
            place += 16 + length
            if mask & self.IS_FOLDER:
                self.look_at_folders()
                return

    def wait(self, seconds):
        select.select([self.file], [], [], min(seconds, self.UNSEEN_S))


changes = Changes()


class System:
    """One `patriot up` (or single roles) on a data folder that is removed at the end."""

    def __init__(self, build, name):
        self.patriot = str(pathlib.Path(build) / "patriot")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix=f"patriot-{name}-"))
        self.data = self.root / "data"
        self.process = None
        changes.roots.append(self.root)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        changes.roots.remove(self.root)
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *words, timeout=120, check=None):
        done = subprocess.run([self.patriot, *words], cwd=self.root, capture_output=True, text=True, timeout=timeout)
        if check is not None and done.returncode != check:
            fail(f"{' '.join(words)}: exit {done.returncode}, wanted {check}\n{done.stdout}\n{done.stderr}{self.logs()}")
        return done

    def up(self, *words, timeout=300):
        """Runs to the end and gives the summary."""
        done = self.run("up", "--json", "--data", str(self.data), *words, timeout=timeout)
        if not done.stdout.strip().startswith("{"):
            fail(f"up {' '.join(words)}: exit {done.returncode}, no summary\n{done.stdout}\n{done.stderr}{self.logs()}")
        summary = json.loads(done.stdout)
        summary["exit"] = done.returncode
        summary["stderr"] = done.stderr
        return summary

    def start(self, *words):
        """Starts `up` and goes on; finish() waits for its end."""
        self.process = subprocess.Popen([self.patriot, "up", "--json", "--data", str(self.data), *words], cwd=self.root, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def finish(self, timeout=120):
        out, _ = self.process.communicate(timeout=timeout)
        if not out.strip().startswith("{"):
            fail(f"no summary: exit {self.process.returncode}\n{out}{self.logs()}")
        summary = json.loads(out)
        summary["exit"] = self.process.returncode
        return summary

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def pid(self, role):
        try:
            return int((self.data / "run" / f"{role}.lock").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def health(self):
        done = self.run("status", "--json", "--data", str(self.data))
        return json.loads(done.stdout)["roles"]

    def ask(self, role, command, *arguments):
        """One control command to a role; {} when it does not answer."""
        done = self.run("ask", role, command, *arguments, "--data", str(self.data))
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def stop(self):
        if self.data.exists():
            subprocess.run([self.patriot, "stop", "--data", str(self.data)], cwd=self.root, capture_output=True, timeout=90, check=False)

    def logs(self):
        return last_lines(self.data)


class Client:
    """A client with one account's key, as a person with another terminal would have it."""

    def __init__(self, url, key="KEY", secret="SECRET"):
        self.url, self.key, self.secret = url, key, secret

    def call(self, method, path, signed=True, **parameters):
        if signed:
            parameters["timestamp"] = self.call("GET", "/fapi/v1/time", signed=False)["serverTime"]
            parameters["recvWindow"] = 60000
        text = urllib.parse.urlencode(parameters)
        if signed:
            text += "&signature=" + hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.url + path + "?" + text, method=method, headers={"X-MBX-APIKEY": self.key})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)


class Exchange(Client):
    """`patriot exchange` by itself on a port of the system's choosing; `said` is what it has told, whole once it has ended."""

    ACCOUNT = "demo:KEY:SECRET:USDT=10000"
    READY_S = 30

    def __init__(self, build, data, *words):
        self.patriot, self.data, self.said = str(pathlib.Path(build) / "patriot"), str(data), ""
        self.process = subprocess.Popen([self.patriot, "exchange", "--data", self.data, "--account", self.ACCOUNT, *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        super().__init__(self.ready_line())

    def ready_line(self):
        patience = threading.Timer(self.READY_S, self.process.kill)
        patience.start()
        try:
            for line in self.process.stdout:
                self.said += line
                if line.startswith("patriot exchange: binance-usdm on http://"):
                    return line.split(" on ")[1].split(",")[0]
        finally:
            patience.cancel()
        return fail(f"patriot exchange did not come up in {self.data}: {self.said}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.said += self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(timeout=30)

    def ctl(self, *words):
        done = subprocess.run([self.patriot, "exchange", "ctl", self.data, *words], capture_output=True, text=True, timeout=30, check=False)
        check(done.returncode == 0, f"exchange ctl {words}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout)


def last_lines(data, count=8):
    """What the processes in a data folder have logged last."""
    text = ""
    for path in sorted((data / "logs").glob("*.log")):
        lines = path.read_text(errors="replace").splitlines()[-count:]
        text += f"\n--- {path.name}\n" + "\n".join(lines)
    return text


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(1)


def check(condition, text, system=None):
    if not condition:
        fail(text + (system.logs() if system else ""))


def wait_for(what, seconds, condition, how_it_stands=lambda: ""):
    """Looks again after each change in the systems' folders; a deadline only bounds a failure, which tells how it stands and what was logged last."""
    end = time.monotonic() + seconds
    changes.look_at_folders()
    while True:
        changes.forget()
        value = condition()
        if value:
            return value
        left = end - time.monotonic()
        if left <= 0:
            fail(f"waited {seconds} s for {what} in vain; {how_it_stands()}" + "".join(last_lines(root / "data") for root in changes.roots))
        changes.wait(left)


def build_folder():
    """Absolute: each system has a current folder of its own."""
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..", "build", "release"))
