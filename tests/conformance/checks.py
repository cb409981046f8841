"""checks.py: what the Python tests of this folder share: named groups of calls that end the test when one does not agree."""
import os
import sys
import traceback

groups = 0


def group(name):
    def run(calls):
        global groups
        try:
            calls()
        except Exception:
            print(f"not ok: {name}", file=sys.stderr)
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)  # sockets of a client may still run in threads of their own
        groups += 1
        return calls
    return run


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r}, wanted {wanted!r}")


def true(condition, what=""):
    if not condition:
        raise AssertionError(what or "does not hold")


def fails(kind, calls, wanted=lambda error: True):
    try:
        calls()
    except Exception as error:
        if not isinstance(error, kind) or not wanted(error):
            raise AssertionError(f"{type(error).__name__}: {error}, wanted {kind}") from error
        return
    raise AssertionError(f"no error came, wanted {kind}")


def done(client):
    print(f"{client}: {groups} groups of calls agree")
