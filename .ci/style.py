"""Measures the Java sources and the project's files, prints the figures, fails on a broken limit.

A limit is something that no reason excuses; a figure without one is there to be looked at. Method
length is counted from brace to brace, a class is a file, comments are lines of nothing else.
"""

import hashlib
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("crds", "core", "operator", "dispatcher", "cli")

MAX_CLASS = 500
MAX_METHOD = 60
MAX_ENTRIES = 18
ENTRIES = set(
    "pom.xml README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md posthorn .ci .mvn"
    " .gitignore crds core operator dispatcher cli e2e config docs".split()
)

TYPE = re.compile(r"(?<![\w.])(?:class|interface|enum|record)\s+\w+")
PUBLIC_TYPE = re.compile(
    r"^public\s+(?:(?:abstract|final|sealed|non-sealed|static|strictfp)\s+)*"
    r"(?:class|interface|@interface|enum|record)\s",
    re.MULTILINE,
)

# What never belongs into a file that others read. Words are kept as digests: this file is one too.
MACHINE_PATH = re.compile(r"(?<![\w.\-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/[\w.]")
REGISTRY = re.compile(r"\b(?:repo\d?|registry|proxy|static|deb)\.(?!example)[a-z]+\.(?:org|io|com)\b")
WORDS = {"c857d09db23e", "c70eca6b0f88", "7d3194f79e64", "60965168ce76", "3ea125d0bff3"}


def digest(word):
    return hashlib.sha256(word.encode()).hexdigest()[:12]


def tracked():
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def blank(match):
    """The same number of lines, and nothing that looks like code."""
    text = match.group(0)
    if text.startswith("/"):
        return re.sub(r"[^\n]", " ", text)
    return '"' + re.sub(r"[^\n]", " ", text[1:-1]) + '"'


TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL
)


def is_type(header):
    return bool(TYPE.search(header)) or "@interface" in header


def methods(source):
    """Yields (line, lines) of every method, constructor and initializer, those of inner types too."""
    code = TOKEN.sub(blank, source)
    stack = []  # (kind, line) of open braces
    parens = []  # depth of parentheses outside the innermost brace
    depth, line, start = 0, 1, 0
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "{":
            parent = stack[-1][0] if stack else "file"
            stack.append((kind(code[start:at], parent, depth), line))
            parens.append(depth)
            depth, start = 0, at + 1
        elif char == "}":
            what, opened = stack.pop()
            depth, start = parens.pop(), at + 1
            if what == "method":
                yield opened, line - opened + 1
        elif char == ";" and depth == 0:
            start = at + 1


def kind(header, parent, depth):
    if re.search(r"(?<![\w.])new\s+[\w.<>,?\s@]+\((?:[^;]*)\)\s*$", header):
        return "type"
    if depth > 0:
        return "block"
    if is_type(header) and parent in ("file", "type"):
        return "type"
    if parent == "type" and "=" not in re.sub(r"@\w+\([^)]*\)", "", header):
        constant = re.fullmatch(r"[\s,]*(?:@\w+\s+)*[A-Z][A-Z0-9_]*\s*(?:\(.*\))?\s*", header, re.DOTALL)
        return "type" if constant else "method"
    if is_type(header) and "->" not in header:
        return "type"
    return "block"


def lines(source):
    """(code lines, comment lines)"""
    without = re.sub(TOKEN, lambda m: re.sub(r"[^\n]", " ", m.group(0)) if m.group(0)[0] == "/" else m.group(0), source)
    code = comment = 0
    for full, bare in zip(source.splitlines(), without.splitlines()):
        if bare.strip():
            code += 1
        elif full.strip():
            comment += 1
    return code, comment


def spread(values):
    ordered = sorted(values)
    if not ordered:
        return "-"
    p90 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]
    return f"{statistics.median(ordered):g}/{p90}/{ordered[-1]}"


class Module:
    def __init__(self, name, files):
        self.name = name
        main = [f for f in files if f.startswith(name + "/src/main/java/")]
        test = [f for f in files if f.startswith(name + "/src/test/java/")]
        self.sources = {f: (ROOT / f).read_text() for f in main if not f.endswith("package-info.java")}
        self.tests = {f: (ROOT / f).read_text() for f in test}
        self.sizes = {f: s.count("\n") for f, s in self.sources.items()}
        self.methods = [(f, at, n) for f, s in self.sources.items() for at, n in methods(s)]
        counted = [lines(s) for s in self.sources.values()]
        self.code = sum(code for code, _ in counted)
        self.comments = sum(comment for _, comment in counted)
        self.test_code = sum(lines(s)[0] for s in self.tests.values())
        self.public = sum(1 for s in self.sources.values() if PUBLIC_TYPE.search(s))

    def count(self, pattern):
        found = re.compile(pattern)
        return sum(len(found.findall(TOKEN.sub(blank, s))) for s in self.sources.values())

    def row(self):
        files = len(self.sources)
        return [
            self.name,
            files,
            self.code,
            spread(self.sizes.values()),
            spread([n for _, _, n in self.methods]),
            f"{100 * self.comments / self.code:.0f}",
            f"{100 * self.public / files:.0f}",
            f"{self.test_code / self.code:.1f}",
            self.count(r"\bsynchronized\b|\bReentrant\w*Lock\("),
            self.count(r"Instant\.now\(\)|currentTimeMillis\(\)|LocalDate(?:Time)?\.now\("),
            self.count(r"catch \((?:final )?(?:Exception|Throwable|RuntimeException) "),
        ]


HEAD = (
    "module files code class:med/p90/max method:med/p90/max comment% public% test/code locks clock"
    " catch-all"
).split()


AIM = "aim - - <=80/220/500 <=6/20/60 15-35 <=50 1-2 <=5 0 <=10".split()


def table(rows):
    widths = [max(len(str(row[i])) for row in [HEAD, *rows, AIM]) for i in range(len(HEAD))]
    for row in [HEAD, *rows, AIM]:
        print("  ".join(str(cell).rjust(width) for cell, width in zip(row, widths)))


def code_findings(modules, files):
    for name in files:
        if "/src/test/java/" in name and "Thread.sleep(" in (ROOT / name).read_text():
            yield f"{name}: sleeps; wait for a condition"
    for module in modules:
        for name, size in module.sizes.items():
            if size > MAX_CLASS:
                yield f"{name}: {size} lines, at most {MAX_CLASS}: it is two things"
        for name, at, size in module.methods:
            if size > MAX_METHOD:
                yield f"{name}:{at}: a method of {size} lines, at most {MAX_METHOD}"


def file_findings(files):
    for name in files:
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, what in ((MACHINE_PATH, "a path of one machine"), (REGISTRY, "a registry")):
                if pattern.search(line):
                    yield f"{name}:{number}: names {what}"
            if any(digest(word) in WORDS for word in re.findall(r"[a-z]+", line.lower())):
                yield f"{name}:{number}: names a tool"


def metric_findings(files):
    """The metrics of the operations page are those of the code."""
    named = set()
    for name in files:
        if name.startswith("dispatcher/src/main/java/"):
            named |= set(re.findall(r'"posthorn\.((?!db")[a-z]+(?:\.[a-z]+)*)"', (ROOT / name).read_text()))
    page = (ROOT / "docs/operations.md").read_text()
    listed = re.findall(r"^\| `posthorn_([a-z_]+?)(?:_total|_seconds)?` \|", page, re.MULTILINE)
    in_code, in_page = {name.replace(".", "_") for name in named}, set(listed)
    for name in sorted(in_code - in_page):
        yield f"docs/operations.md: the metric posthorn_{name} is missing"
    for name in sorted(in_page - in_code):
        yield f"docs/operations.md: there is no metric posthorn_{name}"


def root_findings(files):
    entries = {name.split("/")[0] for name in files}
    for name in sorted(entries - ENTRIES):
        yield f"{name}: does not belong into the root of the project"
    if len(entries) > MAX_ENTRIES:
        yield f"{len(entries)} entries in the root, at most {MAX_ENTRIES}"


def main():
    files = tracked()
    modules = [Module(name, files) for name in MODULES]
    modules = [module for module in modules if module.sources]
    table([module.row() for module in modules])
    checks = {
        "classes, methods and tests": list(code_findings(modules, files)),
        "words in files": list(file_findings(files)),
        "metrics in the documents": list(metric_findings(files)),
        "entries of the root": list(root_findings(files)),
    }
    for name, findings in checks.items():
        print(f"{name}: {'good' if not findings else len(findings)}")
        for finding in findings:
            print("  " + finding)
    failed = sum(1 for findings in checks.values() if findings)
    if len(sys.argv) > 1:
        with open(sys.argv[1], "a") as results:
            results.write(f"{len(checks) - failed} {failed} 0 style\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
