"""Sums up JUnit files: names each skipped test with its reason, then the one closing line."""
import sys
import xml.etree.ElementTree as tree

passed = failed = skipped = 0
for path in sys.argv[1:]:
    try:
        suite = tree.parse(path).getroot()
    except (OSError, tree.ParseError) as error:
        print(f"{path}: {error}")
        failed += 1
        continue
    for case in suite.iter("testcase"):
        if case.get("status") == "fail" or case.find("failure") is not None:
            failed += 1
            print("failed:", case.get("name"))
        elif case.get("status") in ("notrun", "disabled") or case.find("skipped") is not None:
            skipped += 1
            output = (case.findtext("system-out") or "").strip().splitlines()
            print("skipped:", case.get("name"), "-", output[-1] if output else "no reason given")
        else:
            passed += 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or passed == 0 else 0)
