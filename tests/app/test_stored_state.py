"""What is known while nothing runs is shown, and said to be old; key files of the demo that are lost or damaged are put right or named.

shows: UI-13, R234, OPS-9
"""
import json
import re
import shutil

from harness import System, build_folder, check


def stored(system, summary):
    data = ("--data", str(system.data))
    said = system.run("signals", *data, check=0).stdout
    check("the monitor does not run" in said and "ago" in said, f"signals: {said}", system)
    check(said.count("  id ") == min(summary["signals"], 20), f"{summary['signals']} signals: {said}", system)
    newest, verdict = re.search(r"  id (\S+)  time .*  verdict (\S+)", said).groups()
    why = system.run("why", newest, *data, check=0).stdout
    check(verdict.upper() in why.upper(), f"patriot why says other than {verdict} of {newest}: {why}", system)
    rows = json.loads(system.run("signals", "--json", *data, check=0).stdout)
    check(rows["stored"]["written"] and [row["id"] for row in rows["signals"]] == re.findall(r"  id (\S+)", said) and
          rows["signals"][0]["verdict"] == verdict, f"as JSON: {rows}", system)
    first = rows["signals"][-1]
    form = system.run("signals", first["id"], "--author", "Reina", *data, check=0).stdout
    check(f"Entry: {first['entry']} " in form and "Imminent (Sắp vào Entry): 0" in form and f"): {first['verdict']}\nBy Reina~" in form,
          f"the form of {first}: {form}", system)
    fields = json.loads(system.run("signals", str(first["number"]), "--json", *data, check=0).stdout)["fields"]
    check(fields["symbol"] == first["symbol"] and fields["metadata"]["id"] == first["id"], f"by number: {fields}", system)
    done = system.run("signals", "NOSUCH", *data)
    check(done.returncode == 2 and "no such signal" in done.stderr, f"an unknown one: {done.returncode} {done.stderr}", system)
    (system.root / "tickers.txt").write_text("ETHUSDT\nNOSUCHUSDT\nno symbol\n")
    said = system.run("tickers", *data, check=0).stdout
    check("the monitor does not run" in said and re.search(r"symbol ETHUSDT  in_force yes  status trading", said), f"tickers: {said}", system)
    check("symbol NOSUCHUSDT  in_force yes  status not listed then" in said and "line 3" in said, f"tickers: {said}", system)
    said = json.loads(system.run("tickers", "--json", *data, check=0).stdout)
    check([row["symbol"] for row in said["prices"]] == ["ETHUSDT", "NOSUCHUSDT"] and said["refused_lines"][0]["line"] == 3, f"{said}", system)
    (system.root / "tickers.txt").unlink()


def run_on(system, damage, copy):
    """`up` on a copy of the folder after the damage."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(system.data, copy)
    damage(copy / "run" / "demo.keys", copy / "run" / "demo.account")
    return system.run("up", "--json", "--data", str(copy), "--for", "2vh", timeout=60)


def key_files(system):
    copy = system.root / "copy"
    keys, account = ((system.data / "run" / name).read_text() for name in ("demo.keys", "demo.account"))
    for damage, named in ((lambda k, a: k.unlink(), "demo.keys was gone"), (lambda k, a: a.unlink(), "demo.account was gone"),
                          (lambda k, a: k.write_text("garbage"), "demo.keys was damaged"), (lambda k, a: a.write_text(""), "demo.account was damaged"),
                          (lambda k, a: k.write_bytes(b"\0" * 100), "demo.keys was damaged"), (lambda k, a: a.write_text(account[:60]), "demo.account was damaged")):
        done = run_on(system, damage, copy)
        check(done.returncode == 0 and named in done.stderr, f"{named}: exit {done.returncode} {done.stderr}", system)
        check((copy / "run" / "demo.keys").read_text() == keys, f"{named}: other keys than before", system)
        check((copy / "run" / "demo.account").read_text() == account, f"{named}: another account than before", system)
        check(keys.split(":")[1].strip() not in done.stdout + done.stderr, "a secret in the open", system)

    def both_gone(k, a):
        k.unlink()
        a.unlink()

    for damage, wanted in ((both_gone, "bring one of them back"), (lambda k, a: k.write_text("0" * 48 + ":" + "1" * 48), "different keys")):
        done = run_on(system, damage, copy)
        check(done.returncode == 1 and wanted in done.stderr and "demo.keys" in done.stderr and "demo.account" in done.stderr,
              f"{wanted}: exit {done.returncode} {done.stderr}", system)


def main():
    with System(build_folder(), "stored") as system:
        summary = system.up("--for", "120vh", "--seed", "10")
        check(summary["exit"] == 0 and summary["signals"] > 0, f"{summary}", system)
        stored(system, summary)
        again = system.run("up", "--data", str(system.data), "--for", "2vh", "--seed", "10", check=0, timeout=60)
        printed = [int(number) for number in re.findall(r"  signal (\d+)  ", again.stdout + again.stderr)]
        check(all(number > summary["signals"] for number in printed), f"told again as new: {printed}", system)
        key_files(system)


main()
