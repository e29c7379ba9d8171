"""A page becomes a picture: HTML -> Chromium -> PNG, cropped to what is shown, twice as fine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.pictures.drawing import WIDTH

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Seconds that a picture may take.
_PATIENCE = 120.0
_HEIGHT = re.compile(r'<html[^>]* data-height="(\d+)"')


class PhotographError(Exception):
    """Something that is needed is missing here; the text says how to get it."""


@dataclass(frozen=True)
class Photographer:
    """`browser` is a Chromium, `pngquant` makes pictures smaller and is None where it is not."""

    browser: str
    pngquant: str | None

    @classmethod
    def found(cls) -> Photographer:
        """Raises `PhotographError` where there is no browser, or no font for Chinese."""
        browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
        if browser is None:
            raise PhotographError(
                "the pictures are drawn by Chromium, and there is none on the PATH:"
                " apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji fonts-roboto"
            )
        fonts = shutil.which("fc-list")
        if fonts is not None and not _run([fonts, ":lang=zh", "family"]).strip():
            raise PhotographError(
                "there is no font for Chinese here: apt-get install fonts-noto-cjk"
            )
        return cls(browser, shutil.which("pngquant"))

    def take(self, html: str, file: Path) -> None:
        """Draw the page into a file. Raises `PhotographError`."""
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(html, "utf-8")
            told = self._browse(folder, "--dump-dom", page.as_uri())
            found = _HEIGHT.search(told)
            if found is None:
                raise PhotographError(f"{self.browser} did not show the page: {told[:200]!r}")
            self._browse(
                folder,
                f"--screenshot={file}",
                f"--window-size={WIDTH},{found[1]}",
                "--force-device-scale-factor=2",
                "--default-background-color=00000000",
                page.as_uri(),
            )
        if not file.exists():
            raise PhotographError(f"{self.browser} wrote no {file}")
        if self.pngquant is not None:
            _run([self.pngquant, "--force", "--strip", "--speed=1", f"--output={file}", str(file)])

    def _browse(self, folder: str, *arguments: str) -> str:
        options = ["--headless", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # it refuses to run as root with one
        if not any(each.startswith("--window-size") for each in arguments):
            options.append(f"--window-size={WIDTH},100")
        return _run([self.browser, *options, *arguments])


def _run(command: list[str]) -> str:
    """What it prints. Raises `PhotographError`."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PhotographError(f"{command[0]} failed: {error}") from error
    return done.stdout
