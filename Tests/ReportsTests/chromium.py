# SPDX-License-Identifier: Apache-2.0
"""Opens pages in headless Chromium and says what happened, as JSON.

    chromium.py JOB...

Each job is a JSON object; they run one after another in one browser with a profile of their own:
  open        path of a file, or a URL; #FRAGMENT may follow
  width       of the window in px, 1280
  height      900
  scheme      "light" or "dark"
  media       "screen" or "print"
  scripts     false: scripts are switched off
  do          list of {"evaluate": JS}, {"press": KEY}, {"type": TEXT}, {"click": SELECTOR}; the values of evaluate are kept
  screenshot  path of a PNG; "full": true for the page's whole height
  pdf         path of a PDF, on paper as the page's CSS wants it, else A4

Printed is a list with, for each job: title, values, console ([level, text]), dialogs, requests (every URL but the page
itself, tried or done), width and height (of the content), overflow (content wider than the window).
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 100  # for everything; whoever calls has a limit of 120
FLAGS = [
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-extensions", "--disable-sync", "--metrics-recording-only", "--mute-audio",
    "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND",
]
KEYS = {
    "Tab": (9, "\t"), "Enter": (13, "\r"), "Space": (32, " "), "Escape": (27, ""), "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""), "ArrowRight": (39, ""), "ArrowDown": (40, ""), "Home": (36, ""), "End": (35, ""),
}


class Browser:
    def __init__(self, program, profile):
        # Chromium reads orders from descriptor 3 and answers on 4; ours are moved out of their way first.
        orders, self.orders = (self.high(end) for end in os.pipe())
        self.answers, answers = (self.high(end) for end in os.pipe())

        def place():
            os.dup2(orders, 3)
            os.dup2(answers, 4)

        self.process = subprocess.Popen(
            [program, *FLAGS, "--user-data-dir=" + profile, "about:blank"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(3, 4), preexec_fn=place,
            start_new_session=True)
        os.close(orders)
        os.close(answers)
        self.deadline = time.monotonic() + SECONDS
        self.number = 0
        self.pending = b""
        self.events = []

    @staticmethod
    def high(descriptor):
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 20)
        os.close(descriptor)
        return moved

    def message(self, until):
        """The next message, or None at `until`."""
        while b"\0" not in self.pending:
            rest = min(until, self.deadline) - time.monotonic()
            if rest <= 0 or not select.select([self.answers], [], [], rest)[0]:
                if time.monotonic() >= self.deadline:
                    sys.exit(f"Chromium did not answer within {SECONDS} s")
                return None
            part = os.read(self.answers, 1 << 20)
            if not part:
                sys.exit("Chromium ended by itself")
            self.pending += part
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        self.number += 1
        order = {"id": self.number, "method": method, "params": parameters}
        if session:
            order["sessionId"] = session
        os.write(self.orders, json.dumps(order).encode() + b"\0")
        while True:
            message = self.message(self.deadline)
            if message is None:
                continue
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error'].get('message')}")
                return message["result"]
            self.take(message)

    def take(self, message):
        if "method" in message:
            self.events.append(message)
            # A dialog holds the page, and with it every later order.
            if message["method"] == "Page.javascriptDialogOpening":
                self.number += 1
                order = {
                    "id": self.number, "method": "Page.handleJavaScriptDialog", "params": {"accept": False},
                    "sessionId": message.get("sessionId"),
                }
                os.write(self.orders, json.dumps(order).encode() + b"\0")

    def wait(self, name, session):
        while not any(one["method"] == name and one.get("sessionId") == session for one in self.events):
            message = self.message(self.deadline)
            if message is not None:
                self.take(message)

    def settle(self, seconds):
        """Takes what comes within that time."""
        until = time.monotonic() + seconds
        while (message := self.message(until)) is not None:
            self.take(message)

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def press(browser, session, key):
    code, text = KEYS[key]
    common = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": code}
    down = {"type": "keyDown", "text": text} if text and key != "Tab" else {"type": "rawKeyDown"}
    browser.call("Input.dispatchKeyEvent", session, **down, **common)
    browser.call("Input.dispatchKeyEvent", session, type="keyUp", **common)


def evaluate(browser, session, expression):
    answer = browser.call(
        "Runtime.evaluate", session, expression=expression, returnByValue=True, awaitPromise=True)
    if "exceptionDetails" in answer:
        details = answer["exceptionDetails"]
        sys.exit(f"{expression}: {details.get('exception', {}).get('description', details.get('text'))}")
    return answer["result"].get("value")


def click(browser, session, selector):
    place = evaluate(
        browser, session,
        f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
        " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
    for kind in ("mousePressed", "mouseReleased"):
        browser.call(
            "Input.dispatchMouseEvent", session, type=kind, x=place[0], y=place[1], button="left", clickCount=1)


def act(browser, session, step):
    if "press" in step:
        press(browser, session, step["press"])
    elif "type" in step:
        browser.call("Input.insertText", session, text=step["type"])
    elif "click" in step:
        click(browser, session, step["click"])
    else:
        return [evaluate(browser, session, step["evaluate"])]
    return []


def console(events):
    lines = []
    for event in events:
        details = event["params"]
        if event["method"] == "Runtime.consoleAPICalled":
            words = [str(one.get("value", one.get("description", ""))) for one in details["args"]]
            lines.append([details["type"], " ".join(words)])
        elif event["method"] == "Runtime.exceptionThrown":
            thrown = details["exceptionDetails"]
            lines.append(["error", thrown.get("exception", {}).get("description", thrown["text"])])
        elif event["method"] == "Log.entryAdded":
            lines.append([details["entry"]["level"], details["entry"]["text"]])
    return lines


def address(text):
    if "://" in text or text.startswith("about:"):
        return text
    path, mark, fragment = text.partition("#")
    return pathlib.Path(path).resolve().as_uri() + mark + fragment


def visit(browser, job):
    width, height = job.get("width", 1280), job.get("height", 900)
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.events = []
    for room in ("Page", "Runtime", "Log", "Network"):
        browser.call(room + ".enable", session)
    browser.call(
        "Emulation.setDeviceMetricsOverride", session, width=width, height=height, deviceScaleFactor=1,
        mobile=width < 600)
    browser.call(
        "Emulation.setEmulatedMedia", session, media=job.get("media", ""),
        features=[{"name": "prefers-color-scheme", "value": job.get("scheme", "light")}])
    browser.call("Emulation.setScriptExecutionDisabled", session, value=not job.get("scripts", True))
    browser.call("Page.navigate", session, url=address(job["open"]))
    browser.wait("Page.loadEventFired", session)
    browser.settle(0.3)
    values = []
    for step in job.get("do", []):
        values += act(browser, session, step)
    size = browser.call("Page.getLayoutMetrics", session)["cssContentSize"]
    if "screenshot" in job:
        full = {}
        if job.get("full"):
            full = {"captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "width": width, "height": min(size["height"], 16000), "scale": 1}}
        image = browser.call("Page.captureScreenshot", session, format="png", **full)["data"]
        pathlib.Path(job["screenshot"]).write_bytes(base64.b64decode(image))
    if "pdf" in job:
        paper = browser.call(
            "Page.printToPDF", session, printBackground=True, preferCSSPageSize=True, paperWidth=8.27,
            paperHeight=11.69)["data"]
        pathlib.Path(job["pdf"]).write_bytes(base64.b64decode(paper))
    browser.settle(0.1)
    title = browser.call("Target.getTargetInfo", targetId=target)["targetInfo"]["title"]
    own = [event for event in browser.events if event.get("sessionId") == session]
    asked = [event["params"] for event in own if event["method"] == "Network.requestWillBeSent"]
    # The first navigation is ours; another one is not.
    ours = next((one for one in asked if one["requestId"] == one["loaderId"]), None)
    tried = [one["request"]["url"] for one in asked if one is not ours]
    browser.call("Target.closeTarget", targetId=target)
    return {
        "title": title, "values": values, "console": console(own),
        "dialogs": [
            event["params"]["message"] for event in own if event["method"] == "Page.javascriptDialogOpening"],
        "requests": tried, "width": size["width"], "height": size["height"],
        "overflow": max(0, size["width"] - width),
    }


def main():
    jobs = [json.loads(text) for text in sys.argv[1:]]
    program = os.environ.get("GONOGO_CHROMIUM", "chromium")
    with tempfile.TemporaryDirectory(prefix="gonogo-chromium-", ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            print(json.dumps([visit(browser, job) for job in jobs], indent=1))
        finally:
            browser.end()


main()
