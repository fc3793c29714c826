# SPDX-License-Identifier: Apache-2.0
"""Reads a JUnit file, holds it against the elements of Surefire's report schema 3.0, and prints an outline of it."""

import re
import sys
import xml.etree.ElementTree as tree

TIME = re.compile(r"[0-9]+\.[0-9]{3}")
# Children in the order the schema wants them; a second value says that there may be several.
CASE = [
    ("failure", True), ("rerunFailure", True), ("flakyFailure", True), ("skipped", False), ("error", False),
    ("rerunError", True), ("flakyError", True), ("system-out", False), ("system-err", False),
]
REPEATED = [("stackTrace", False), ("system-out", False), ("system-err", False)]


def fail(text):
    sys.exit("schema: " + text)


def attributes(element, required, optional=()):
    for name in required:
        if name not in element.attrib:
            fail(f"{element.tag} without {name}")
    for name in element.attrib:
        if name not in required and name not in optional:
            fail(f"{element.tag} with {name}")


def in_order(element, allowed):
    names = [name for name, _ in allowed]
    last = 0
    seen = set()
    for child in element:
        if child.tag not in names:
            fail(f"{child.tag} in {element.tag}")
        place = names.index(child.tag)
        if place < last:
            fail(f"{child.tag} too late in {element.tag}")
        if child.tag in seen and not allowed[place][1]:
            fail(f"two of {child.tag} in {element.tag}")
        seen.add(child.tag)
        last = place


def time(element):
    if not TIME.fullmatch(element.get("time", "")):
        fail(f"time {element.get('time')!r} of {element.tag}")
    return f"time={element.get('time')}"


def line(text):
    print((text or "").replace("\n", "\\n"))


def counts(element):
    return " ".join(f"{name}={element.get(name)}" for name in ("tests", "failures", "errors", "skipped"))


def case(element):
    attributes(element, ["name", "time"], ["classname", "group"])
    in_order(element, CASE)
    line(f"testcase {element.get('classname')} {element.get('name')} {time(element)}")
    for child in element:
        if child.tag in ("failure", "error", "rerunFailure", "flakyFailure"):
            attributes(child, ["type"], ["message"])
            line(f"{child.tag} {child.get('type')}: {child.get('message')}")
        elif child.tag == "skipped":
            attributes(child, [], ["message"])
            line(f"skipped {child.get('message')}")
        else:
            line(f"{child.tag} {child.text}")
        if child.tag in ("rerunFailure", "flakyFailure"):
            in_order(child, REPEATED)
            if child[0].tag != "stackTrace" or not child[0].text:
                fail(f"{child.tag} without its stackTrace")
            for part in child[1:]:
                line(f"{part.tag} {part.text}")
        elif len(child):
            fail(f"elements in {child.tag}")


def suite(element):
    attributes(element, ["name", "tests", "errors", "skipped", "failures"], ["time", "version", "group"])
    in_order(element, [("properties", True), ("testcase", True)])
    line(f"testsuite {element.get('name')} {counts(element)} {time(element)}")
    for child in element.findall("properties/property"):
        attributes(child, ["name", "value"])
        line(f"property {child.get('name')}={child.get('value')}")
    cases = element.findall("testcase")
    found = {
        "tests": len(cases),
        "failures": sum(one.find("failure") is not None for one in cases),
        "errors": sum(one.find("error") is not None for one in cases),
        "skipped": sum(one.find("skipped") is not None for one in cases),
    }
    for name, number in found.items():
        if element.get(name) != str(number):
            fail(f"{name} is {element.get(name)}, not {number}")
    for one in cases:
        case(one)


root = tree.parse(sys.argv[1]).getroot()
if root.tag != "testsuites":
    fail(f"the root is {root.tag}")
line(f"testsuites {root.get('name')} {counts(root)} {time(root)}" if root.attrib else "testsuites")
for one in root:
    suite(one)
