"""harness.py: starts whole PATRIOT systems in folders of their own and asks them things. Used by the tests of tests/app."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class System:
    """One `patriot up` (or single roles) on a data folder that is removed at the end."""

    def __init__(self, build, name):
        self.patriot = str(pathlib.Path(build) / "patriot")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix=f"patriot-{name}-"))
        self.data = self.root / "data"
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
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
        text = ""
        for path in sorted((self.data / "logs").glob("*")) if (self.data / "logs").exists() else []:
            lines = path.read_text(errors="replace").splitlines()[-8:]
            text += f"\n--- {path.name}\n" + "\n".join(lines)
        return text


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(1)


def check(condition, text, system=None):
    if not condition:
        fail(text + (system.logs() if system else ""))


def wait_for(what, seconds, condition):
    """Polls an event of another process; a deadline only bounds a failure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    fail(f"waited {seconds} s for {what} in vain")
    return None


def build_folder():
    return sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..", "build", "release")
