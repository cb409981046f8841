"""One seed, one run, whichever process or socket is faster: in lockstep the decisions stay the same while processes are halted again
and again for moments at random.

shows: R014, I18
"""
import os
import random
import signal
import time

from harness import System, build_folder, check

HOURS, SEED = "1000vh", "10"
ROLES = ("exchange", "signer", "watchdog", "monitor")


def run_disturbed(system, seed):
    """The halts are the disturbance, not a wait: their lengths change what overtakes what, and nothing else."""
    chance = random.Random(seed)
    halts = 0
    system.start("--for", HOURS, "--seed", SEED)
    while system.process.poll() is None:
        pid = system.pid(chance.choice(ROLES))
        try:
            if pid:
                os.kill(pid, signal.SIGSTOP)
                time.sleep(chance.random() * 0.03)
                os.kill(pid, signal.SIGCONT)
                halts += 1
        except ProcessLookupError:
            pass
        time.sleep(chance.random() * 0.01)
    return system.finish(), halts


def main():
    with System(build_folder(), "calm") as calm:
        wanted = calm.up("--for", HOURS, "--seed", SEED)
        check(wanted["exit"] == 0 and wanted["fills"] > 0, f"calm: {wanted}", calm)
    for seed in range(2):
        with System(build_folder(), "disturbed") as disturbed:
            got, halts = run_disturbed(disturbed, seed)
            check(halts > 10, f"only {halts} halts", disturbed)
            check(got["restarts"] == 0 and got["tie_out"] == "0", f"disturbed: {got}", disturbed)
            for key in ("signals", "orders", "fills", "pnl", "equity", "decisions_sha256"):
                check(got[key] == wanted[key], f"{halts} halts made another {key}: {got[key]}, not {wanted[key]}", disturbed)
    print("ok")


main()
