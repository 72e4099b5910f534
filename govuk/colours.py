"""A council's colours, and whether white text on them is readable."""

from __future__ import annotations

import colorsys
import re

DEFAULT_COLOUR = "#12464f"
LEAST_CONTRAST = 4.5
# Below this value the sRGB curve is linear.
NEARLY_BLACK = 0.04045

_COLOUR = re.compile(r"^#[0-9a-f]{6}$")


def parts(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``; raises ValueError for anything else."""
    if not _COLOUR.match(colour.lower()):
        raise ValueError("not a colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast_with_white(colour: str) -> float:
    """Return the WCAG contrast ratio of ``colour`` against white, 1 to 21."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= NEARLY_BLACK else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in parts(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def lighter(colour: str, share: float) -> str:
    """Mix ``colour`` with white so that ``share`` (0 to 1) of it is left."""
    mixed = (round(channel * share + 255 * (1 - share)) for channel in parts(colour))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def tinted(colour: str, lightness: float) -> str:
    """Return a light background of the same hue: ``lightness`` from 0 to 1. Mixing with white would turn it grey."""
    hue, _lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in parts(colour)))
    channels = colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.32))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def usable(colour: str) -> str:
    """Return ``colour`` in lower case if white text on it is readable, else the default colour."""
    try:
        readable = contrast_with_white(colour) >= LEAST_CONTRAST
    except ValueError:
        return DEFAULT_COLOUR
    return colour.lower() if readable else DEFAULT_COLOUR


def theme_sheet(colour: str) -> str:
    """Return the style sheet that gives a page its council's colours."""
    colour = usable(colour)
    return (
        ":root{"
        f"--council:{colour};"
        f"--council-tint:{tinted(colour, 0.92)};"
        f"--council-soft:{tinted(colour, 0.86)};"
        f"--council-quiet:{lighter(colour, 0.62)}"
        "}\n"
    )
