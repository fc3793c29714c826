# SPDX-License-Identifier: Apache-2.0
"""Opens a page in headless Chromium and says what happened, as JSON on standard output.

browser.py PAGE.html [--shot FILE.png] [--part FROM,HEIGHT] [--width N] [--dark] [--print FILE.pdf] [--keys]

Found are: console messages, exceptions and violations of the page's policy ("console"), requests beyond the page itself
("requests"), whether anything is wider than the window ("overflow"), scripts and handlers in the parsed page, and what
the first chart's tip says after three arrow keys ("tip"). Exit 3: there is no Chromium.
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Browser:
    """The DevTools protocol over two pipes: no port is opened."""

    def __init__(self, program, profile):
        down_read, self.down = os.pipe()
        self.up, up_write = os.pipe()

        def as_three_and_four():
            # Copies first: either end may itself be 3 or 4.
            source, sink = os.dup(down_read), os.dup(up_write)
            os.dup2(source, 3)
            os.dup2(sink, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
             "--disable-extensions", "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={profile}",
             "about:blank"],
            preexec_fn=as_three_and_four, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(down_read)
        os.close(up_write)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None

    def message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.up, 1 << 16)
            if not piece:
                raise SystemExit("the browser ended")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.down, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        while not any(seen.get("method") == event for seen in self.events):
            self.events.append(self.message())

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")


OVERFLOW = """(() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.scroll') && !element.matches('.scroll')) continue;
    if (element.closest('svg')) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > wide + 1) found.push(element.tagName + '.' + element.className);
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page');
  return found.slice(0, 10);
})()"""

HANDLERS = """Array.from(document.querySelectorAll('*')).flatMap((element) => Array.from(element.attributes))
  .filter((attribute) => attribute.name.startsWith('on') || attribute.value.trim().startsWith('javascript:'))
  .map((attribute) => attribute.name + '=' + attribute.value)"""


def main(arguments):
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if program is None:
        return 3
    page = pathlib.Path(arguments[0]).resolve().as_uri()
    options = {name: arguments[index + 1] for index, name in enumerate(arguments)
               if name in ("--shot", "--part", "--width", "--print")}
    width = int(options.get("--width", 1280))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                browser.call(domain + ".enable")
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                         mobile=width < 600)
            scheme = "dark" if "--dark" in arguments else "light"
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.call("Page.navigate", url=page)
            browser.wait("Page.loadEventFired")
            found = {
                "title": browser.value("document.title"), "overflow": browser.value(OVERFLOW),
                "scripts": browser.value("Array.from(document.scripts, (script) => script.textContent.length)"),
                "handlers": browser.value(HANDLERS), "alive": browser.value("document.body.dataset.pwned || ''"),
            }
            if "--keys" in arguments:
                browser.value("document.querySelector('.draw').focus()")
                for _ in range(3):
                    for kind in ("keyDown", "keyUp"):
                        browser.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight",
                                     windowsVirtualKeyCode=39)
                found["tip"] = browser.value("document.querySelector('.tip').innerText")
            if "--shot" in options:
                height = browser.value("document.documentElement.scrollHeight")
                browser.call("Emulation.setDeviceMetricsOverride", width=width, height=min(height, 15000),
                             deviceScaleFactor=1, mobile=width < 600)
                start, tall = map(int, options.get("--part", f"0,{min(height, 15000)}").split(","))
                clip = {"x": 0, "y": start, "width": width, "height": tall, "scale": 1}
                data = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                                    clip=clip)["data"]
                pathlib.Path(options["--shot"]).write_bytes(base64.b64decode(data))
            if "--print" in options:
                data = browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
                pathlib.Path(options["--print"]).write_bytes(base64.b64decode(data))
            seen = browser.events
            found["console"] = [
                str(event["params"]) for event in seen
                if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")]
            found["requests"] = [
                event["params"]["request"]["url"] for event in seen
                if event["method"] == "Network.requestWillBeSent" and event["params"]["request"]["url"] != page]
            print(json.dumps(found, indent=1))
        finally:
            browser.process.terminate()
            browser.process.wait(20)
    return 0


sys.exit(main(sys.argv[1:]))
