"""What a process of the system cannot run without is said at once by `up`, which ends with that exit code instead of trying for ever.

shows: UI-13, OPS-9, OPS-17
"""
import json
import os

from harness import System, build_folder, check


def wrong_market(system):
    for words in (("--json",), ("--plain",), ("--background",)):
        done = system.run("up", *words, "--data", str(system.data), "--market", "candles:/nope.csv", timeout=60)
        check(done.returncode == 2, f"up {words}: exit {done.returncode}\n{done.stdout}{done.stderr}", system)
        check("/nope.csv" in done.stderr, f"up {words} does not name the file: {done.stderr}", system)
        check("starting it again" not in done.stdout + done.stderr, f"up {words} tried again: {done.stdout}{done.stderr}", system)
        if words == ("--json",):
            summary = json.loads(done.stdout)
            check(summary["restarts"] == 0 and "" not in summary.values(), f"not told is not nothing: {summary}", system)


def refused_words(system):
    """The object comes with every refusal; nothing is made in a folder that was named by mistake."""
    typo = str(system.root / "typo")
    for words, wanted in ((("--speed", "max"), "600"), (("--background",), "give one of them"), (("--speed", "5", "--pace", "4"), "give one of them"), (("--wire-log", "/nonexistent/w"), "--wire-log /nonexistent/w"),
                          (("--scenario", "none.yaml"), "none.yaml"), (("--seed", ""), 'not ""'), (("extra",), "extra")):
        done = system.run("up", "--json", "--data", str(system.data), *words, timeout=60)
        check(done.returncode == 2 and wanted in done.stderr, f"up {words}: exit {done.returncode}\n{done.stderr}", system)
        check(json.loads(done.stdout)["tie_out"] == "unknown", f"up {words}: no object: {done.stdout}", system)
    for words in (("status",), ("stop",), ("journal", "rebuild"), ("why", "1")):
        done = system.run(*words, "--data", typo)
        check("typo" in done.stderr and not os.path.exists(typo), f"{words}: {done.stderr}", system)


def other_owner(system):
    """A data folder that another user has made is nobody else's to write."""
    if os.geteuid() != 0:
        return
    folder = system.root / "theirs"
    (folder / "run").mkdir(parents=True)
    os.chown(folder / "run", 65534, 65534)
    for words in (("up",), ("exchange",), ("watchdog",), ("journal", "rebuild")):
        done = system.run(*words, "--data", str(folder), timeout=60)
        check(done.returncode == 2 and "uid 65534" in done.stderr and "--data" in done.stderr, f"{words}: {done.returncode} {done.stderr}", system)
    check(not list((folder / "run").iterdir()), "something was written into it", system)


def damaged_state(system):
    system.data.mkdir(exist_ok=True)
    for text in ("patriot-signer 1 epoch", "patriot-signer 1 epoch 3 kill 4294967296\n", "patriot-signer 1 epoch 4294967297 kill 4\n", "patriot-signer 2 epoch 1 kill 4\n"):
        (system.data / "signer.state").write_text(text)
        done = system.run("up", "--json", "--data", str(system.data), timeout=60)
        check(done.returncode == 4 and "signer.state" in done.stderr, f"damaged signer.state, {text!r}: {done.returncode} {done.stderr}", system)
        check((system.data / "signer.state").read_text() == text, f"a damaged signer.state, {text!r}, was overwritten", system)


def damaged_world(system):
    """`up` ends at once with the exchange's words: a second try meets the same bytes."""
    folder = system.root / "world"
    system.run("up", "--json", "--for", "2vh", "--data", str(folder), check=0)
    snapshot = folder / "exchange" / "state.snap"
    whole = snapshot.read_bytes()
    for bytes_now in (whole[:5000] + b"XXXX" + whole[5004:], b""):
        snapshot.write_bytes(bytes_now)
        done = system.run("up", "--json", "--data", str(folder), timeout=60)
        check(done.returncode == 4 and "state.snap" in done.stderr and "from a copy" in done.stderr and "starting it again" not in done.stderr,
              f"damaged state.snap of {len(bytes_now)} bytes: {done.returncode} {done.stderr}")


def main():
    with System(build_folder(), "refusal") as system:
        refused_words(system)
        other_owner(system)
        wrong_market(system)
        damaged_state(system)
        damaged_world(system)
    print("ok")


main()
