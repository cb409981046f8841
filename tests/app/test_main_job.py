"""The main job: one command trades a real market history, protected, in separate processes.

shows: ORD-3, ORD-14, ORD-16, R014, I4, I6, I18, STR-2, MKT-4
"""
from harness import System, build_folder, check

HOURS = 600


def main():
    with System(build_folder(), "job") as first:
        one = first.up("--for", f"{HOURS}vh", "--seed", "5")
        check(one["exit"] == 0, f"exit {one['exit']}: {one}", first)
        check(one["venue_hours"] == HOURS, f"ran {one['venue_hours']} venue hours, asked for {HOURS}", first)
        check(one["signals"] > 0 and one["orders"] > 0 and one["fills"] > 0, f"nothing was traded: {one}", first)
        check(one["tie_out"] == "0", f"ledger and exchange differ by {one['tie_out']}", first)
        check(one["unprotected_ms_max"] <= 2000, f"a position stood {one['unprotected_ms_max']} ms without a stop", first)
        check(one["restarts"] == 0, f"{one['restarts']} restarts", first)
        verify = first.run("journal", "verify", "--data", str(first.data), check=0)
        check("record" in verify.stdout, verify.stdout, first)

        with System(build_folder(), "again") as second:
            two = second.up("--for", f"{HOURS}vh", "--seed", "5")
            for key in ("signals", "orders", "fills", "trades_closed", "pnl", "fees", "funding", "equity", "decisions_sha256"):
                check(one[key] == two[key], f"the same seed gave another {key}: {one[key]} and {two[key]}", second)

        with System(build_folder(), "halves") as halves:
            for _ in range(2):
                both = halves.up("--for", f"{HOURS // 2}vh", "--seed", "5")
            for key in ("venue_hours", "signals", "fills", "trades_closed", "pnl", "fees", "funding", "equity"):
                check(one[key] == both[key], f"a stop in the middle made another {key}: {one[key]} and {both[key]}", halves)

        with System(build_folder(), "other") as third:
            other = third.up("--for", "200vh", "--seed", "6")
            check(other["tie_out"] == "0", f"seed 6: {other}", third)
            check(other["decisions_sha256"] != one["decisions_sha256"], "another seed gave the same run", third)

        on = first.up("--for", "100vh", "--seed", "5")
        check(on["venue_hours"] == HOURS + 100, f"did not go on where it stopped: {on['venue_hours']}", first)
        check(on["tie_out"] == "0" and on["orders"] >= one["orders"], f"after a restart: {on}", first)
    print("ok")


main()
