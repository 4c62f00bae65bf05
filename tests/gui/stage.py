"""The stage of a GUI test: a screen without a monitor, a clean Blender, a server, a mailbox."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "screenshots"
SIZE = "1360x900"


class Screen:
    """Xvfb on a display number that it picks itself."""

    def __init__(self) -> None:
        reader, writer = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = ":" + pipe.readline().strip()

    def shoot(self, path: Path, crop: str = "") -> None:
        """Save a picture of the screen; Blender's own is black under software drawing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = "PNG8:" if crop else ""
        # A picture for the documentation has few colours, which makes it a third of the size.
        few = ["-depth", "8", "+dither", "-colors", "64"]
        extra = ["-crop", crop, "+repage", *few] if crop else []
        subprocess.run(
            ["import", "-display", self.display, "-window", "root", *extra, kind + str(path)],
            check=True,
            timeout=30,
        )

    def close(self) -> None:
        """Take the screen down."""
        self.process.terminate()
        self.process.wait(10)


def screen_or_skip() -> Iterator[Screen]:
    """Give a screen to a fixture; skip the test where the programs for it are not installed."""
    for program in ("Xvfb", "import"):
        if not shutil.which(program):
            pytest.skip(f"no {program}: install the packages xvfb and imagemagick")
    screen = Screen()
    yield screen
    screen.close()


class Server:
    """The compute server, started and killed as the test's script asks."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.flags: list[str] = []
        self.process: subprocess.Popen | None = None
        self.log = home.with_suffix(".log")

    def start(self) -> None:
        """Start it; who wants to know when it is ready watches the panel."""
        deno = os.environ.get("OUTBOARD_DENO") or os.environ.get("DENO") or shutil.which("deno")
        assert deno, "no Deno: put it on PATH or name it in OUTBOARD_DENO"
        allow = [f"--allow-{what}" for what in ("run", "read", "write", "env")]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(deno, "run", "--no-prompt", "--quiet", *allow, "main.ts"),
                    *("--json", "--port", "0", *self.flags),
                ],
                cwd=ROOT,
                env={**os.environ, "OUTBOARD_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and all its processes at once, as a crash would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


class Blender:
    """A Blender with a profile of its own and the extension installed from the zip.

    Without a screen it runs in the background.
    """

    def __init__(self, program: str, folder: Path, screen: Screen | None = None) -> None:
        self.program, self.screen = program, screen
        self.log = folder / "blender.log"
        self.mail = folder / "mail"
        self.mail.mkdir()
        home = folder / "home"
        home.mkdir()
        self.server = Server(home)
        self.seconds_to_quit = 0.0
        self.env = {
            **os.environ,
            "DISPLAY": screen.display if screen else "",
            "BLENDER_USER_RESOURCES": str(folder / "profile"),
            "BLENDER_BIND": f"{ROOT}:{folder}",
            "OUTBOARD_HOME": str(home),
            "OUTBOARD_GUI_MAIL": str(self.mail),
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }

    def install(self) -> None:
        """Build the zip and install it as a user would from disk."""
        subprocess.run([sys.executable, "addon/build.py"], cwd=ROOT, check=True, timeout=120)
        zips = sorted((ROOT / "dist").glob("outboard-*.zip"), key=lambda it: it.stat().st_mtime)
        command = ["--command", "extension", "install-file", "-r", "user_default", "--enable"]
        subprocess.run(
            [self.program, *command, str(zips[-1])], cwd=ROOT, env=self.env, check=True, timeout=120
        )

    def play(self, script: str, timeout: float) -> list[dict]:
        """Run a script of steps inside Blender, do what it asks for, and return its report."""
        said = self.log.open("w")
        width, height = SIZE.split("x")
        blender = subprocess.Popen(
            [
                *(self.program, "--enable-event-simulate", "-p", "0", "0", width, height),
                *("--python-exit-code", "1", "--python", "tests/gui/driver.py", "--", script),
            ],
            cwd=ROOT,
            env=self.env,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        end = time.monotonic() + timeout
        try:
            while blender.poll() is None:
                if time.monotonic() > end:
                    self.screen.shoot(SHOTS / f"{script}_timed_out.png")
                    break
                self._answer()
                time.sleep(0.02)
        finally:
            self.server.kill()
            said.close()
            if blender.poll() is None:
                os.killpg(blender.pid, signal.SIGKILL)
                blender.wait(10)
        report = self.mail / "report.json"
        self.seconds_to_quit = time.time() - report.stat().st_mtime if report.exists() else 0.0
        return json.loads(report.read_text()) if report.exists() else []

    def run_in_background(self, script: str, *args: str, timeout: float) -> str:
        """Run a script in a Blender without a window, to its end, and return what was said."""
        command = [self.program, "-b", "--python-exit-code", "1", "--python", script, "--", *args]
        said = self.log.open("w")
        blender = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=said, stderr=said, start_new_session=True
        )
        try:
            code = blender.wait(timeout)
        finally:
            self.server.kill()
            said.close()
            if blender.poll() is None:
                os.killpg(blender.pid, signal.SIGKILL)
                blender.wait(10)
        text = self.log.read_text(errors="replace")
        assert code == 0, text
        return text

    def _answer(self) -> None:
        for letter in sorted(self.mail.glob("*.request")):
            wish = json.loads(letter.read_text())
            letter.unlink()
            if wish["do"] == "start server":
                self.server.start()
            elif wish["do"] == "kill server":
                self.server.kill()
            elif wish["do"] == "shoot":
                self.screen.shoot(SHOTS / f"{wish['name']}.png")
            elif wish["do"] == "picture" and "OUTBOARD_PANELS" in os.environ:
                self.screen.shoot(ROOT / os.environ["OUTBOARD_PANELS"] / wish["name"], wish["crop"])
            letter.with_suffix(".done").touch()
