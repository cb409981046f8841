"""What a process of the system cannot run without is said at once by `up`, which ends with that exit code instead of trying for ever.

shows: UI-13, OPS-9, OPS-17
"""
import json

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


def damaged_state(system):
    system.data.mkdir(exist_ok=True)
    (system.data / "signer.state").write_text("patriot-signer 1 epoch")
    done = system.run("up", "--json", "--data", str(system.data), timeout=60)
    check(done.returncode == 4 and "signer.state" in done.stderr, f"damaged signer.state: {done.returncode} {done.stderr}", system)
    check((system.data / "signer.state").read_text() == "patriot-signer 1 epoch", "a damaged signer.state was overwritten", system)


def main():
    with System(build_folder(), "refusal") as system:
        wrong_market(system)
        damaged_state(system)
    print("ok")


main()
