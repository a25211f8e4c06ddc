"""Runs every fenced `sh` block of README.md and docs/*.md as a reader would, document by document.

The blocks of a document run in order in one shell, in a scratch directory that shows the project's
files, so `./posthorn`, `config/...` and what an earlier block wrote are all there. A comment on the
line before a block says what a reader does without being told:

  <!-- ci: server 127.0.0.1:8080 -->  a terminal of its own; go on once that port answers. It is told
                                      to stop after the document's last block, and must exit 0.
  <!-- ci: ctrl-c after 40 s -->      watched for so long, then ended by Ctrl-C; must exit 0 within
                                      5 s. `./posthorn demo` alone in a block needs no comment:
                                      it gets 45 s, and its last line must balance.
  <!-- ci: exit 1 -->                 ends with this code, which the text around it explains.

Links to files must lead somewhere. The README's test command is left out: the gate has run it. Other fences are not run, but
`bash`, `shell` and `console` are refused, since they would hide commands from this program.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 120
GRACE = 5
FENCE = re.compile(r"^( *)```(\S*)\s*$")
MARKER = re.compile(r"^\s*<!-- ci: (.+?) -->\s*$")
BALANCE = re.compile(r"accepted (\d+) = delivered (\d+) \+ waiting (\d+) \+ dead (\d+)")
REFUSED = {"bash", "shell", "console", "zsh", "shell-session"}


class Block:
    def __init__(self, name, line, marker, text):
        self.name, self.line, self.marker, self.text = name, line, marker, text

    def __str__(self):
        return f"{self.name}:{self.line}"


class Failure(Exception):
    pass


def blocks(name):
    found, marker, start = [], "", None
    for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if start is None and fence and fence[2] in REFUSED:
            raise Failure(f"{name}:{number}: write ```sh, so that the commands run here")
        if start is None and fence:
            start, kind, indent, text = number, fence[2], len(fence[1]), []
        elif start is not None and fence and not fence[2]:
            if kind == "sh":
                found.append(Block(name, start, marker, "\n".join(text)))
            elif marker:
                raise Failure(f"{name}:{start}: a ci marker before a block that does not run")
            start, marker = None, ""
        elif start is not None:
            text.append(line[indent:])
        elif MARKER.match(line):
            marker = MARKER.match(line)[1]
        elif line.strip() and marker:
            raise Failure(f"{name}:{number}: the ci marker above is not followed by a block")
    return found


def without_tests(block, command):
    """The block as it is run here, or None where nothing is left of it."""
    lines = [line for line in block.text.splitlines() if line.split(" #")[0].strip() != command]
    code = [line.split(" #")[0].strip() for line in lines if not line.strip().startswith("#")]
    code = [line for line in code if line]
    marker = block.marker
    if code == ["./posthorn demo"]:
        lines, marker = code, marker or "ctrl-c after 45 s"
    return Block(block.name, block.line, marker, "\n".join(lines)) if code else None


class Shell:
    """One bash for a document: variables and the directory live on from block to block."""

    def __init__(self, directory):
        self.directory = directory
        self.servers = []
        self.process = self.start(["bash", "--noprofile", "--norc"])
        self.lines = []
        self.arrived = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def start(self, command):
        environment = dict(os.environ, NO_COLOR="1", TERM="dumb")
        return subprocess.Popen(
            command,
            cwd=self.directory,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read(self):
        for line in self.process.stdout:
            with self.arrived:
                self.lines.append(line)
                self.arrived.notify()
        with self.arrived:
            self.lines.append(None)
            self.arrived.notify()

    def run(self, block, expected):
        done = f"done-{os.urandom(8).hex()}"
        # Sourced from a file: its text needs no quoting, and what it sets is there for the next one.
        # Any command that fails counts, as for a reader who pastes line by line.
        (self.directory / ".block").write_text(block.text + "\n")
        self.process.stdin.write(
            "failed=0; trap 'failed=$?' ERR\n. ./.block </dev/null\n"
            f"printf '\\n%s %s\\n' {done} \"$failed\"\n"
        )
        self.process.stdin.flush()
        status = self.wait(done, block)
        if status != expected:
            raise Failure(f"{block}: exit {status}, expected {expected}")

    def wait(self, done, block):
        end = time.monotonic() + LIMIT
        while True:
            with self.arrived:
                while not self.lines:
                    if not self.arrived.wait(max(0, end - time.monotonic())):
                        raise Failure(f"{block}: not done after {LIMIT} s")
                line = self.lines.pop(0)
            if line is None:
                raise Failure(f"{block}: ended the shell")
            if line.startswith(done):
                return int(line.split()[1])
            if line.strip():
                print("    " + line, end="", flush=True)

    def serve(self, block, address):
        host, port = address.rsplit(":", 1)
        if answers(host, port):
            raise Failure(f"{block}: {address} is taken before the block has run")
        server = self.start(["bash", "-c", leading_exec(block.text)])
        server.stdin.close()
        output = Output(server)
        self.servers.append((block, server, output))
        end = time.monotonic() + LIMIT
        while not answers(host, port):
            if server.poll() is not None or time.monotonic() > end:
                raise Failure(f"{block}: nothing listens on {address}\n{output.text()}")
            time.sleep(0.2)

    def close(self, good):
        try:
            for block, server, output in reversed(self.servers):
                status = end(server, signal.SIGTERM, 40)
                print(output.text(), end="")
                if good and status != 0:
                    raise Failure(f"{block}: the server ended with {status} when told to stop")
        finally:
            end(self.process, signal.SIGKILL, 5)


class Output:
    """Reads a process's output as it comes, so that the process never waits for us."""

    def __init__(self, process):
        self.lines = []
        self.thread = threading.Thread(target=self.read, args=(process,), daemon=True)
        self.thread.start()

    def read(self, process):
        for line in process.stdout:
            self.lines.append("    " + line)

    def text(self):
        return "".join(self.lines)


def leading_exec(text):
    """The shell becomes a block of one command, so that signals reach it as they do at a terminal."""
    one = text.strip().replace("\\\n", " ")
    return text if "\n" in one or re.search(r"[;&|]", one) else "exec " + one


def answers(host, port):
    probe = f"exec 3<>/dev/tcp/{shlex.quote(host)}/{int(port)}"
    return subprocess.run(["bash", "-c", probe], capture_output=True, timeout=10).returncode == 0


def end(process, how, patience):
    if process.poll() is None:
        os.killpg(process.pid, how)
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return -9


def watch(shell, block, seconds):
    process = shell.start(["bash", "-c", leading_exec(block.text)])
    output = Output(process)
    try:
        status = process.wait(seconds)
        raise Failure(f"{block}: ended by itself with {status}\n{output.text()}")
    except subprocess.TimeoutExpired:
        asked = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
    except SystemExit:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    status = end_of(process, block)
    took = time.monotonic() - asked
    output.thread.join(5)
    print(output.text(), end="")
    print(f"    (Ctrl-C after {seconds} s; ended with {status} in {took:.1f} s)")
    if status != 0:
        raise Failure(f"{block}: exit {status} after Ctrl-C, expected 0")
    if "posthorn demo" in block.text:
        balanced(block, output.lines)


def end_of(process, block):
    try:
        return process.wait(GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise Failure(f"{block}: still there {GRACE} s after Ctrl-C") from None


def balanced(block, lines):
    text = "".join(lines)
    last = [line for line in lines if line.strip()][-1]
    found = BALANCE.search(last)
    if not found:
        raise Failure(f"{block}: the last line holds no balance: {last.strip()}")
    accepted, delivered, waiting, dead = map(int, found.groups())
    if accepted == 0 or accepted != delivered + waiting + dead:
        raise Failure(f"{block}: does not balance: {last.strip()}")
    for what in ("delivered", "recovered", "rotated"):
        if what not in text:
            raise Failure(f"{block}: nothing was {what} in that time")


def step(shell, block):
    marker = block.marker
    if server := re.fullmatch(r"server (\S+:\d+)", marker):
        shell.serve(block, server[1])
    elif seconds := re.fullmatch(r"ctrl-c after (\d+) s", marker):
        watch(shell, block, int(seconds[1]))
    elif code := re.fullmatch(r"exit (\d+)", marker):
        shell.run(block, int(code[1]))
    elif marker:
        raise Failure(f"{block}: unknown ci marker: {marker}")
    else:
        shell.run(block, 0)


def play(name, command):
    """(passed, failure or None)"""
    passed = 0
    directory = Path(tempfile.mkdtemp(prefix="posthorn-docs-"))
    for entry in ROOT.iterdir():
        (directory / entry.name).symlink_to(entry)
    shell, good = Shell(directory), False
    try:
        for block in blocks(name):
            if block := without_tests(block, command):
                print(f"  {block}{' (' + block.marker + ')' if block.marker else ''}", flush=True)
                step(shell, block)
                passed += 1
        good = True
        return passed, None
    except Failure as failure:
        return passed, failure
    finally:
        try:
            shell.close(good)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")


def dead_links():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in LINK.findall(page.read_text()):
            if not (page.parent / target).exists():
                yield Failure(f"{page.relative_to(ROOT)}: a link leads nowhere: {target}")


def main():
    command, *results = sys.argv[1:]
    # Also when the gate's time is up, nothing that was started here stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
    passed, failures = 0, list(dead_links())
    for name in names:
        try:
            count, failure = play(name, command)
        except Failure as late:
            count, failure = 0, late
        passed += count
        if failure:
            failures.append(failure)
    for failure in failures:
        print(failure)
    print(f"documents: {passed} blocks passed, {len(failures)} failed")
    if results:
        with open(results[0], "a") as file:
            file.write(f"{passed} {len(failures)} 0 documents\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
