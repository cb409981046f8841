"""The live view on a terminal: what stands on it, its keys, Ctrl-C, a small window, and the plain lines where there is no terminal to draw on.

shows: UI-18
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

from harness import System, build_folder, check


class Screen:
    """As much of a VT100 as ncurses uses with TERM=vt100."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1  # of the part that scrolls
        self.rest = ""

    def feed(self, data):
        text = self.rest + data.decode("utf-8", "replace")
        self.rest = ""
        i = 0
        while i < len(text):
            c = text[i]
            if c == "\x1b":
                found = re.compile(r"\x1b(?:\[([?0-9;]*)([A-Za-z])|[()][A-Z0-9]|([78=>MDEHc]))").match(text, i)
                if not found:
                    if len(text) - i < 16:
                        self.rest = text[i:]
                        return
                    i += 1
                    continue
                if found.group(2):
                    self.control(found.group(1), found.group(2))
                elif found.group(3) == "M":
                    self.move_up()
                elif found.group(3) == "D":
                    self.move_down()
                i = found.end()
                continue
            i += 1
            if c == "\r":
                self.column = 0
            elif c == "\n":
                self.move_down()
            elif c == "\t":
                self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
            elif c == "\b":
                self.column = max(0, self.column - 1)
            elif c >= " ":
                self.cells[self.row][min(self.column, self.columns - 1)] = c
                self.column += 1

    def move_down(self):
        if self.row == self.bottom:
            self.cells.insert(self.bottom + 1, [" "] * self.columns)
            del self.cells[self.top]
        else:
            self.row = min(self.rows - 1, self.row + 1)

    def move_up(self):
        if self.row == self.top:
            del self.cells[self.bottom]
            self.cells.insert(self.top, [" "] * self.columns)
        else:
            self.row = max(0, self.row - 1)

    def control(self, words, letter):
        numbers = [int(word) if word.isdigit() else 0 for word in words.split(";")]
        first = numbers[0]
        if letter == "H":
            self.row = min(self.rows - 1, max(0, first - 1))
            self.column = min(self.columns - 1, max(0, (numbers[1] if len(numbers) > 1 else 1) - 1))
        elif letter == "r":
            self.top, self.bottom = max(0, first - 1), (numbers[1] if len(numbers) > 1 and numbers[1] else self.rows) - 1
            self.row = self.column = 0
        elif letter == "A":
            self.row = max(0, self.row - max(1, first))
        elif letter == "B":
            self.row = min(self.rows - 1, self.row + max(1, first))
        elif letter == "C":
            self.column = min(self.columns - 1, self.column + max(1, first))
        elif letter == "D":
            self.column = max(0, self.column - max(1, first))
        elif letter == "K":
            reach = range(0, self.column + 1) if first == 1 else range(0 if first == 2 else self.column, self.columns)
            for column in reach:
                self.cells[self.row][column] = " "
        elif letter == "J":
            start = 0 if first == 2 else self.row
            for row in range(start, self.rows):
                for column in range(self.column if row == self.row and first != 2 else 0, self.columns):
                    self.cells[row][column] = " "

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Terminal:
    """A program on a pseudo terminal of its own."""

    def __init__(self, argv, folder, rows=44, columns=140, kind="vt100"):
        self.screen = Screen(rows, columns)
        self.raw = b""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(folder)
            os.environ["TERM"] = kind
            for name in ("LINES", "COLUMNS"):
                os.environ.pop(name, None)
            os.execv(argv[0], argv)

    def pump(self, seconds):
        """False at the end of the program."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        if ready:
            try:
                data = os.read(self.file, 65536)
            except OSError:
                data = b""
            if not data:
                return False
            self.raw += data
            self.screen.feed(data)
        return True

    def until(self, what, condition, seconds=40):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition(self.screen.text())
            if value:
                return value
            if not self.pump(0.1):
                break
        self.kill()
        print(f"waited for {what} in vain; the screen:\n{self.screen.text()}", file=sys.stderr)
        sys.exit(1)

    def key(self, text):
        os.write(self.file, text.encode())

    def end(self, seconds=60):
        """Exit status and all that was written."""
        end = time.monotonic() + seconds
        while self.pump(0.1):
            if time.monotonic() > end:
                self.kill()
                print(f"did not end; the screen:\n{self.screen.text()}", file=sys.stderr)
                sys.exit(1)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), self.raw.decode("utf-8", "replace")

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def hours(text):
    found = re.search(r"venue time \S+ +(\d+) h", text)
    return int(found.group(1)) if found else -1


def pace(text):
    found = re.search(r"pace (\S+)", text)
    return found.group(1) if found else ""


def has_position_with_stop(text):
    return re.search(r"^(\w+USDT) +(LONG|SHORT) +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ ", text, re.MULTILINE)


def up(system, *words):
    return [system.patriot, "up", "--data", str(system.data), "--seed", "5", *words]


def what_stands_on_it(system):
    view = Terminal(up(system, "--pace", "60"), system.root)
    text = view.until("prices", lambda t: re.search(r"ETHUSDT +\d", t) and t)
    check("no real money" in text and "+ faster" in text, text)
    view.until("equity", lambda t: re.search(r"equity \d+\.\d", t))
    view.until("four healthy processes", lambda t: all(f"{role} ok" in t for role in ("exchange", "signer", "watchdog", "monitor")))
    view.until("a signal", lambda t: re.search(r"USDT +(LONG|SHORT) +SC0", t))
    view.until("a position with its stop", has_position_with_stop)
    check("without a stop: now" in view.screen.text(), view.screen.text())

    before = pace(view.screen.text())
    view.key("-")
    slower = view.until("a slower pace", lambda t: pace(t) not in ("", before) and pace(t))
    view.key("+")
    view.until("a faster pace", lambda t: pace(t) not in ("", slower))
    view.key(" ")
    view.until("the pause", lambda t: "PAUSED" in t)
    stands, moment, before = hours(view.screen.text()), system.ask("exchange", "state")["moment"], pace(view.screen.text())
    view.key("+")
    view.until("a pace that is set in the pause", lambda t: pace(t) not in ("", before))
    view.key("-" * 40)  # never as slow as to count for "no limit"
    view.until("the slowest pace", lambda t: pace(t) == "0.0156")
    view.key("+" * 10)
    view.until("a pace that can be watched", lambda t: pace(t) == "16")
    check(system.ask("exchange", "state")["moment"] == moment and hours(view.screen.text()) == stands, "the venue's clock ran on in the pause")
    view.key(" ")
    view.until("going on", lambda t: "PAUSED" not in t and hours(t) > stands)
    reached = hours(view.screen.text())
    view.key("q")
    status, written = view.end()
    check(status == 0 and "ledger minus exchange   0" in written, f"exit {status}\n{written[-1500:]}")
    return reached


def control_c_and_going_on(system, reached):
    view = Terminal(up(system, "--pace", "60"), system.root)
    view.until("going on where it stopped", lambda t: hours(t) >= reached)
    view.key("\x03")
    status, written = view.end()
    check(status == 0 and "ledger minus exchange   0" in written, f"exit {status}\n{written[-1500:]}")


def usual_window(system):
    """80 x 24 holds every table: nothing runs into the next row, nothing falls off the end."""
    view = Terminal(up(system, "--pace", "60"), system.root, rows=24, columns=80)
    view.until("three prices", lambda t: all(re.search(rf"{s}USDT +[\d.]+ ", t) for s in ("ETH", "XRP", "BANANAS31")))
    text = view.until("a position with its stop and an order of it",
                      lambda t: has_position_with_stop(t) and re.search(r"^\w+USDT +stop +\w+ ", t, re.MULTILINE) and t)
    for line, last in (("positions", "result"), ("orders", "state")):
        check(re.search(rf"^{line} .*{last}$", text, re.MULTILINE), f"the head of {line} is broken:\n{text}")
    for table in ("market", "positions", "orders", "signals"):
        check(re.search(rf"^{table}\b", text, re.MULTILINE), f"no {table}:\n{text}")
    view.until("four healthy processes", lambda t: all(f"{role} ok" in t for role in ("exchange", "signer", "watchdog", "monitor")))
    view.key("q")
    check(view.end()[0] == 0, "the usual window")


def small_window(system):
    for rows, columns in ((14, 50), (10, 40)):
        view = Terminal(up(system, "--pace", "60"), system.root, rows=rows, columns=columns)
        view.until("something in a small window", lambda t: "no real money" in t and "equity" in t and "q stop" in t)
        view.key("q")
        check(view.end()[0] == 0, "the small window")


def a_window_that_is_closed(system):
    """Nobody sees it any more: it ends in order, as with Ctrl-C; so does Ctrl-\\."""
    view = Terminal(up(system, "--pace", "60"), system.root)
    view.until("four healthy processes", lambda t: all(f"{role} ok" in t for role in ("exchange", "signer", "watchdog", "monitor")))
    os.close(view.file)
    _, status = os.waitpid(view.pid, 0)
    check(os.WIFEXITED(status), f"a closed window kills it: {status}", system)
    check(not any(system.pid(role) for role in ("up", "exchange", "signer", "watchdog", "monitor")), "somebody runs on without a window", system)
    view = Terminal(up(system, "--pace", "60"), system.root)
    view.until("going on", lambda t: hours(t) > 0)
    view.key("\x1c")
    status, written = view.end()
    check(status == 0 and "ledger minus exchange   0" in written, f"Ctrl-\\: exit {status}\n{written[-1500:]}")


def without_colours(system):
    """NO_COLOR is obeyed on a terminal that has them."""
    for setting, coloured in (("", True), ("1", False)):
        os.environ["NO_COLOR"] = setting
        view = Terminal(up(system, "--pace", "60"), system.root, kind="xterm")
        view.until("much that is drawn", lambda t, view=view: len(view.raw) > 4000)
        found = re.search(rb"\x1b\[(?:[0-9;]*;)?3[0-7]m", view.raw)
        check(bool(found) == coloured, f"NO_COLOR={setting}: {found}")
        view.key("q")
        check(view.end()[0] == 0, "a terminal with colours")
    del os.environ["NO_COLOR"]


def a_terminal_that_cannot(system):
    view = Terminal(up(system, "--for", "40vh"), system.root, kind="dumb")
    status, written = view.end()
    check(status == 0 and "\x1b[" not in written and "ledger minus exchange   0" in written, f"plain lines on a dumb terminal: exit {status}\n{written}")


def main():
    with System(build_folder(), "view") as system:
        reached = what_stands_on_it(system)
        control_c_and_going_on(system, reached)
        usual_window(system)
        small_window(system)
        without_colours(system)
        a_window_that_is_closed(system)
        a_terminal_that_cannot(system)
    print("ok")


main()
