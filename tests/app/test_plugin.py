"""C plug-ins in the main job: the example is built against an installed copy and trades; plug-ins that crash, loop or are wrong beside it change nothing for it.

shows: STR-5, OPS-17
"""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from harness import System, build_folder, check, wait_for

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = SOURCE / "examples" / "plugin"

CONFIGURATION = """
signal:
  strategies: [{strategies}]
  matching_timeframes: 1
  plugin_deadline: 400ms
"""

# The example with another name, and a line more where it looks at a bar. close > 1000: ETHUSDT alone of the three symbols.
TROUBLE = {
    "crash": "if (bar->close > 1000.0 && turtle->was_outside) { *(volatile int *)0 = 1; }",
    "looped": "if (bar->close > 1000.0 && turtle->was_outside) { for (volatile int i = 0;; i++) { } }",
}


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **options)


def install_and_build(build, folder):
    """What README.md of the example says, word for word; the file that comes out."""
    prefix = folder / "prefix"
    done = run("cmake", "--install", build, "--prefix", str(prefix))
    check(done.returncode == 0, f"cmake --install: {done.stderr}")
    work = folder / "work"
    work.mkdir()
    for name in ("turtle.c", "Makefile"):  # a copy: nothing of the source tree is beside it
        shutil.copy(EXAMPLE / name, work)
    done = run("make", cwd=work, env={**os.environ, "PKG_CONFIG_PATH": str(prefix / "share" / "pkgconfig")})
    check(done.returncode == 0 and "warning" not in done.stderr, f"the example does not build: {done.stdout}{done.stderr}")
    return work / "turtle.so", prefix / "include"


def build_variant(name, include, to, trouble="", change=lambda text: text):
    text = change((EXAMPLE / "turtle.c").read_text().replace('.name = "turtle"', f'.name = "{name}"'))
    text = text.replace("const uint32_t channel = (uint32_t)options[OPTION_CHANNEL];", "const uint32_t channel = (uint32_t)options[OPTION_CHANNEL];\n    " + trouble, 1)
    source = to / f"{name}.c"
    source.write_text(text)
    done = run(os.environ.get("CC", "cc"), "-std=c11", "-O1", "-w", "-fPIC", "-shared", f"-I{include}", str(source), "-o", str(to / f"{name}.so"), "-lm")
    check(done.returncode == 0, f"{name}: {done.stderr}")
    source.unlink()


def signals_of(system, strategy):
    with sqlite3.connect(f"file:{system.data}/signals.db?mode=ro", uri=True) as file:
        return file.execute("select symbol, direction, entry, stop, target, confidence, timeframes, made_ns, inputs from signals where strategy = ? order by number",
                            (strategy,)).fetchall()


def log_of(system):
    return [json.loads(line) for line in (system.data / "logs" / "monitor.log").read_text().splitlines()]


def prepare(system, strategies):
    (system.root / "patriot.yaml").write_text(CONFIGURATION.format(strategies=", ".join(strategies)))
    plugins = system.root / "plugins"
    plugins.mkdir(mode=0o700)
    return plugins


def alone(build, example):
    """The example by itself: listed, explained, trades; the same seed decides the same."""
    digests = []
    for _ in range(2):
        with System(build, "plugin") as system:
            shutil.copy(example, prepare(system, ["turtle.so"]))
            listed = system.run("strategies", check=0).stdout
            check("(plug-in turtle.so, version 1.0)" in listed, f"not listed: {listed}")
            one = system.run("strategies", "turtle", check=0).stdout
            check("the first close beyond" in one and "channel = 20" in one and "stop_atr = 2" in one, f"not explained: {one}")
            summary = system.up("--for", "400vh", "--seed", "7", "--config", str(system.root))
            check(summary["exit"] == 0 and summary["tie_out"] == "0", f"{summary}", system)
            check(summary["fills"] > 5 and summary["trades_closed"] > 0, f"it does not trade: {summary}", system)
            made = signals_of(system, "turtle")
            check(len(made) == summary["signals"] > 20, f"{len(made)} signals of it, {summary['signals']} in all", system)
            digests.append(summary["decisions_sha256"])
    check(digests[0] == digests[1], f"the same seed decides differently: {digests}")
    return made


def among_others(build, example, include, made):
    with System(build, "plugin") as system:
        names = ["crash", "looped", "version", "symbol", "table", "open"]
        plugins = prepare(system, ["turtle.so"] + [f"{name}.so" for name in names] + ["absent.so"])
        # a section of a plug-in that cannot be had is no reason to refuse the file
        (system.root / "patriot.yaml").write_text((system.root / "patriot.yaml").read_text() + "  parameters_file: parameters.ini\n")
        (system.root / "parameters.ini").write_text("[version]\nnothing = 5\n[turtle]\nchannel = 20\n[crash.so ETHUSDT]\nchannel = 21\n")
        shutil.copy(example, plugins)
        for name, trouble in TROUBLE.items():
            build_variant(name, include, plugins, trouble)
        build_variant("version", include, plugins, change=lambda text: text.replace("PATRIOT_STRATEGY_ABI;", "const patriot_strategy_abi_t patriot_strategy_abi = {9, 1, 0, 0, 0, 0};"))
        build_variant("symbol", include, plugins, change=lambda text: text.replace("PATRIOT_STRATEGY_ABI;", ""))
        build_variant("table", include, plugins, change=lambda text: text.replace("0, 20, 2,", "0, 1, 2,"))
        build_variant("open", include, plugins)
        (plugins / "open.so").chmod(0o666)
        told = system.run("strategies", check=0)
        refusals = {"version": "version 9.1 of the plug-in interface, this patriot has 1.0", "symbol": "the symbol patriot_strategy_abi is missing",
                    "table": "option 0 (channel): preset 1 is outside 2 .. 250", "open": "everybody may write it", "absent": "No such file"}
        for name, why in refusals.items():
            check(name == "absent" or any(f"/{name}.so: " in line and why in line for line in told.stderr.splitlines()), f"strategies: {name}: {told.stderr}")
        summary = system.up("--for", "400vh", "--seed", "7", "--config", str(system.root), timeout=400)
        check(summary["exit"] == 0 and summary["tie_out"] == "0" and summary["restarts"] == 0, f"{summary}", system)
        log = log_of(system)
        for name, why in refusals.items():
            lines = [line["message"] for line in log if line["event"] == "plugin_refused" and f"the plug-in {name}.so" in line["message"]]
            check(len(lines) == 1 and why in lines[0] and "plugins/" in lines[0], f"{name}: {lines}", system)
        check(signals_of(system, "turtle") == made, "the others have changed what the example says", system)
        for name, how in (("crash", "signal 11"), ("looped", "no answer within 400 ms")):
            lines = [line["message"] for line in log if line["event"] == "plugin_lost" and f"plug-in {name} " in line["message"]]
            check(1 <= len(lines) <= 3 and all(f"{name} ETHUSDT" in line and how in line for line in lines), f"{name}: {lines}", system)
            check(any(line["event"] == "health_changed" and f"plug-in {name}" in json.dumps(line) and "degraded" in json.dumps(line) for line in log),
                  f"health does not show {name}", system)
            others = [one for one in made if one[0] != "BINANCE_ETH_USDT"]
            check(others and signals_of(system, name) == others, f"{name}: its runs on other symbols, which lost nothing, say something else", system)


def by_regime(build, example, made):
    """A row of signal.regimes names the example by its file: off where all signals came from, half the size, options it has and has not."""
    with System(build, "plugin") as system:
        shutil.copy(example, prepare(system, ["turtle.so"]))
        (system.root / "patriot.yaml").write_text((system.root / "patriot.yaml").read_text() + "  regimes: [up turtle.so off, down turtle.so off, ranging turtle.so 0.5 channel=5]\n")
        summary = system.up("--for", "400vh", "--seed", "7", "--config", str(system.root))
        check(summary["exit"] == 0 and summary["tie_out"] == "0", f"{summary}", system)
        changed = signals_of(system, "turtle")
        check(changed and changed != made and any(".regime.ranging" in one[8] for one in changed), f"the rows change nothing: {changed[:2]}", system)
        refused = [line for line in log_of(system) if line["event"] == "plugin_lost"]
        check(not refused, f"{refused}", system)
    with System(build, "plugin") as system:
        shutil.copy(example, prepare(system, ["turtle.so"]))
        (system.root / "patriot.yaml").write_text((system.root / "patriot.yaml").read_text() + "  regimes: [up all 0.5, up turtle.so chanel=5]\n")
        system.start("--seed", "7", "--pace", "20", "--config", str(system.root))
        said = wait_for("the row to be refused", 60, lambda: (system.data / "logs" / "monitor.log").exists() and [line["message"] for line in log_of(system) if line["event"] == "config_rejected"])
        check('signal.regimes: row 2: the strategy has no option "chanel"' in said[0], f"{said}", system)
        system.stop()


# ETHUSDT's runs crash in a process that has seen less than a hundred bars: at the start, and no more once the others have been served.
REVIVED = "static unsigned bars = 0; bars++; if (bar->close > 1000.0 && turtle->was_outside && bars < 100) { *(volatile int *)0 = 1; }"


def again_after_a_reload(build, include):
    """Lost runs begin anew with `patriot config reload`, are fed the stored bars and make signals; a file that was exchanged meanwhile is told."""
    with System(build, "plugin") as system:
        plugins = prepare(system, ["revived.so"])
        (system.root / "patriot.yaml").write_text("operation:\n  batch_interval: 1s\n" + (system.root / "patriot.yaml").read_text())
        build_variant("revived", include, plugins, REVIVED)
        system.start("--seed", "7", "--pace", "40", "--config", str(system.root))

        def events(event):
            return [line for line in log_of(system) if line["event"] == event] if (system.data / "logs" / "monitor.log").exists() else []

        def health():
            return {one["name"]: one for one in system.ask("monitor", "health").get("checks", [])}.get("plug-in revived", {})

        def signals_of_eth():
            return [line for line in events("signal_made") if "ETHUSDT" in json.dumps(line)]

        def reload():
            done = system.run("config", "reload", "--data", str(system.data), "--config", str(system.root))
            return json.loads(done.stdout.split("monitor: ")[1].splitlines()[0])

        wait_for("runs to be lost", 120, lambda: events("plugin_lost"))
        check(health().get("state") == "degraded" and "ETHUSDT" in health()["text"], f"{health()}", system)
        batches = len(events("batch_finished"))
        wait_for("the others to be served", 120, lambda: len(events("batch_finished")) > batches + 2)
        lost = len(events("plugin_lost"))
        check(not signals_of_eth(), "a lost run made signals", system)
        answer = reload()
        check(answer["parameters"] == "changed", f"nothing began anew: {answer}", system)
        begun = [line for line in events("config_changed") if "those concerned begin anew" in line["message"]]
        check(begun and begun[0]["strategies_of_symbols"] == 1, f"the runs of one symbol were meant: {begun}", system)
        check(health().get("state") == "ok", f"{health()}", system)
        wait_for("a signal of a run that was lost", 120, signals_of_eth)
        check(len(events("plugin_lost")) == lost, f"lost again: {events('plugin_lost')[lost:]}", system)

        build_variant("revived", include, system.root)  # another file under the same name, as an installation puts it
        os.replace(system.root / "revived.so", plugins / "revived.so")
        answer = reload()
        check(answer["warnings"] and "changed since it was loaded" in answer["warnings"][0]["text"], f"{answer}", system)
        check(health().get("state") == "degraded" and "until the monitor is started again" in health()["text"], f"{health()}", system)
        system.interrupt()
        summary = system.finish()
        check(summary["exit"] == 0 and summary["tie_out"] == "0" and summary["restarts"] == 0, f"{summary}", system)


def main():
    build = build_folder()
    for tool in ("cmake", "make", "pkg-config", os.environ.get("CC", "cc")):
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed")
            sys.exit(77)
    with System(build, "plugin-build") as place:
        example, include = install_and_build(build, place.root)
        made = alone(build, example)
        by_regime(build, example, made)
        again_after_a_reload(build, include)
        among_others(build, example, include, made)
    print("ok")


main()
