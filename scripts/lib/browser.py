"""A headless Chromium, used by scripts that look at pages."""

import base64, json, os, shutil, subprocess, sys, time


class Browser:
    """A headless Chromium, spoken to over a pipe (Chrome DevTools Protocol): a JSON text and a zero byte each way."""

    def __init__(self, folder, *more):
        program = next((name for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
        if not program:
            sys.exit("no chromium")
        (read_in, self.to), (self.back, write_out) = os.pipe(), os.pipe()

        def pipes():
            os.dup2(read_in, 13), os.dup2(write_out, 14)
            os.dup2(13, 3), os.dup2(14, 4)

        flags = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--window-size=1400,900", "--remote-debugging-pipe",
                 f"--user-data-dir={folder}/profile", "--disable-background-networking", "--disable-component-update"]
        self.process = subprocess.Popen([program, *flags, *more], preexec_fn=pipes, pass_fds=(3, 4), stderr=subprocess.DEVNULL)
        self.number, self.rest, self.events, self.session = 0, b"", [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{part}.enable")

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self):
        while b"\0" not in self.rest:
            more = os.read(self.back, 1 << 20)
            if not more:
                raise RuntimeError("the browser ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def open(self, page):
        """Seconds until the page is loaded and painted."""
        self.events, begin = [], time.monotonic()
        self.ask("Page.navigate", url=page if page.startswith("http") else f"file://{os.path.abspath(page)}")
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read())
        self.painted()
        return time.monotonic() - begin

    def js(self, code):
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{code}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def painted(self):
        self.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.painted()

    def wheel(self, x, y, by):
        self.ask("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=by)
        self.painted()

    def screenshot(self, path):
        self.painted()
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
        print(f"      {path}")

    def faults(self, own=("file:", "data:")):
        """Words on the console, and requests that went anywhere else than to what begins so."""
        said, asked = [], []
        for event in self.events:
            method, what = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                said.append(what["exceptionDetails"]["text"])
            elif method == "Runtime.consoleAPICalled" or method == "Log.entryAdded":
                text = json.dumps(what.get("entry", what))
                # It is this script that reads pixels.
                said += [text[:300]] if "getImageData" not in text else []
            elif method == "Network.requestWillBeSent":
                url = what["request"]["url"]
                if not url.startswith(own):
                    asked.append(url)
        return said + asked

    def close(self):
        self.process.terminate()
        self.process.wait()
