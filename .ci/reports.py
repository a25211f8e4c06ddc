"""Adds up the test reports under */target: prints what failed or was skipped, and the totals.

A skipped test fails here: on this machine everything that tests need was made present.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    passed = failed = skipped = 0
    seconds = {}
    files = sorted(ROOT.glob("*/target/surefire-reports/TEST-*.xml"))
    files += sorted(ROOT.glob("*/target/failsafe-reports/TEST-*.xml"))
    for file in files:
        module = file.relative_to(ROOT).parts[0]
        suite = ElementTree.parse(file).getroot()
        seconds[module] = seconds.get(module, 0) + float(suite.get("time", "0").replace(",", ""))
        for case in suite.iter("testcase"):
            name = f"{module}: {case.get('classname')}.{case.get('name')}"
            bad = case.find("failure") if case.find("failure") is not None else case.find("error")
            skip = case.find("skipped")
            if bad is not None:
                failed += 1
                print(f"failed: {name}: {(bad.get('message') or '').strip().splitlines()[:1]}")
            elif skip is not None:
                skipped += 1
                print(f"skipped: {name}: {skip.get('message') or 'no reason given'}")
            else:
                passed += 1
    if not passed and not failed:
        failed = 1
        print("failed: there is no report of any test")
    for module, time in seconds.items():
        print(f"{module}: {time:.0f} s in tests")
    print(f"tests: {passed} passed, {failed} failed, {skipped} skipped")
    with open(sys.argv[1], "a") as results:
        results.write(f"{passed} {failed} {skipped} tests\n")
    return 1 if failed or skipped else 0


if __name__ == "__main__":
    sys.exit(main())
