"""A terminal's screen as a picture: each cell at its place, so that any Chinese font serves."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyte
from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

WIDTH, HEIGHT, BASE = 9, 20, 15
SIZE = 15
INK, PAPER = "#d3d7cf", "#101010"
COLOURS = {
    "black": "#2e3436",
    "red": "#cc3333",
    "green": "#4e9a06",
    "brown": "#c4a000",
    "blue": "#3465a4",
    "magenta": "#75507b",
    "cyan": "#06989a",
    "white": "#d3d7cf",
    "brightblack": "#7a7d78",
    "brightred": "#ef4949",
    "brightgreen": "#8ae234",
    "brightbrown": "#fce94f",
    "brightblue": "#729fcf",
    "brightmagenta": "#ad7fa8",
    "brightcyan": "#34e2e2",
    "brightwhite": "#eeeeec",
}
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
NARROW = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "NotoSansMono-Regular.ttf", "Menlo.ttc")
WIDE = (
    "NotoSansMonoCJKsc-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "PingFang.ttc",
)
NO_FONT = (
    "没有找到中文字体, 画不了图; 请安装其一 / no Chinese font found, install one:\n"
    "  Debian, Ubuntu: apt install fonts-noto-cjk   (or fonts-wqy-microhei)\n"
    "  Fedora: dnf install google-noto-sans-mono-cjk-sc-fonts\n"
    "or name a font file in HOTLINE_PICTURE_FONT"
)


class NoFont(Exception):
    """There is no Chinese font; says which package brings one."""


@dataclass(frozen=True)
class Fonts:
    """One for narrow characters, one for wide ones."""

    narrow: ImageFont.FreeTypeFont
    wide: ImageFont.FreeTypeFont


def fonts() -> Fonts:
    """The first of the known fonts that this machine has, or what fontconfig gives; raises NoFont."""
    wide = os.environ.get("HOTLINE_PICTURE_FONT") or _known(WIDE) or _asked_fontconfig()
    if wide is None:
        raise NoFont(NO_FONT)
    return Fonts(ImageFont.truetype(_known(NARROW) or wide, SIZE), ImageFont.truetype(wide, SIZE + 1))


def draw(screen: pyte.Screen, path: Path, fonts: Fonts) -> None:
    """Write the screen as it stands as a PNG; the same screen and fonts give the same bytes."""
    image = Image.new("RGB", (screen.columns * WIDTH, screen.lines * HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    for y in range(screen.lines):
        for x in range(screen.columns):
            _cell(canvas, screen.buffer[y][x], x * WIDTH, y * HEIGHT, fonts)
    if not screen.cursor.hidden:
        left, top = screen.cursor.x * WIDTH, screen.cursor.y * HEIGHT
        canvas.rectangle([left, top + HEIGHT - 3, left + WIDTH - 1, top + HEIGHT - 1], fill=INK)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Few colours stand on a terminal: a palette saves bytes.
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def _cell(canvas: ImageDraw.ImageDraw, cell: pyte.screens.Char, left: int, top: int, fonts: Fonts) -> None:
    if not cell.data:
        return
    ink, paper = _colour(cell.fg, INK), _colour(cell.bg, PAPER)
    if cell.reverse:
        ink, paper = paper, ink
    wide = wcwidth(cell.data[0]) == 2
    right = left + WIDTH * (2 if wide else 1)
    if paper != PAPER:
        canvas.rectangle([left, top, right - 1, top + HEIGHT - 1], fill=paper)
    if cell.data.strip():
        font = fonts.wide if wide else fonts.narrow
        for shift in (0, 1) if cell.bold else (0,):
            canvas.text((left + shift, top + BASE), cell.data, font=font, fill=ink, anchor="ls")
    if cell.underscore:
        canvas.line([left, top + HEIGHT - 2, right - 1, top + HEIGHT - 2], fill=ink)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return COLOURS.get(name) or f"#{name}"


def _known(names: tuple[str, ...]) -> str | None:
    here = Path.home() / ".local/share/fonts"
    held = {
        path.name: path for folder in (*map(Path, FOLDERS), here) if folder.is_dir() for path in folder.rglob("*.*")
    }
    return next((str(held[name]) for name in names if name in held), None)


def _asked_fontconfig() -> str | None:
    try:
        asked = subprocess.run(
            ["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return None
    return min((line.rstrip(": ") for line in asked), default=None)
