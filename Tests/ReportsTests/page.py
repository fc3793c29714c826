# SPDX-License-Identifier: Apache-2.0
"""Reads a page as a parser of HTML does and prints what is wrong with it, one line each; nothing when it is sound.

Sound: every element is closed where it was opened, nothing can run but scripts whose digest the policy names, no element
has a handler or a style of its own, links stay in the tree, nothing is loaded, ids are there once and references to them
lead somewhere, every chart has a label and its figures as a table.
"""
import base64
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "br", "wbr", "link", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.wrong = []
        self.ids = []
        self.references = []
        self.policy = ""
        self.texts = []
        self.charts = 0
        self.tables = 0

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> has an attribute twice")
        for name, value in attributes:
            value = value or ""
            if name.startswith("on") or name in ("style", "src", "srcset", "action", "formaction", "xlink:href"):
                self.wrong.append(f"<{tag}> has {name}={value!r}")
            if name == "href" and not re.match(r"^(#|\./)[A-Za-z0-9_.~%/-]*$", value):
                self.wrong.append(f"<{tag}> leads to {value!r}")
            if name == "href" and value.startswith("#"):
                self.references.append(value[1:])
            if name in ("aria-labelledby", "aria-describedby"):
                self.references += value.split()
            if name == "id":
                self.ids.append(value)
        values = dict(attributes)
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag in ("iframe", "object", "embed", "base", "form", "img", "link"):
            self.wrong.append(f"<{tag}> has no place here")
        if tag == "figure":
            self.charts += 1
        if tag == "table" and "figure" in self.open:
            self.tables += 1
        if tag == "svg" and values.get("role") == "img" and not values.get("aria-label"):
            self.wrong.append("a drawing without a label")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            self.texts.append((self.open[-1], data))


def main(path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    wrong = page.wrong
    if page.open:
        wrong.append(f"left open: {page.open}")
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"en\">"):
        wrong.append("no doctype or language")
    if "default-src 'none'" not in page.policy or "unsafe" in page.policy:
        wrong.append(f"policy: {page.policy}")
    for kind, content in page.texts:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        if not re.search(rf"{kind}-src [^;]*'sha256-{re.escape(digest)}'", page.policy):
            wrong.append(f"a {kind} that the policy does not name: {content[:60]!r}")
    for name in set(page.ids):
        if page.ids.count(name) > 1:
            wrong.append(f"id {name} is there {page.ids.count(name)} times")
    wrong += [f"nothing has the id {name}" for name in set(page.references) - set(page.ids)]
    if page.charts != page.tables:
        wrong.append(f"{page.charts} charts and {page.tables} tables of them")
    if len(sys.argv) > 2 and page.charts < int(sys.argv[2]):
        wrong.append(f"only {page.charts} charts")
    print("\n".join(wrong))


main(sys.argv[1])
