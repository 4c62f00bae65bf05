"""Numbers between Blender's 32 bits and JSON: which ones fit, and how they are written."""

import math
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

INT_LOW, INT_HIGH = -(2**31), 2**31 - 1
FLOAT_HIGH = float(np.finfo(np.float32).max)
# Bounds beyond are no news to the user: ten million, or about a hundred and sixty turns.
UNTOLD, UNTOLD_ANGLE = 1e7, 1e3
# How far above a bound that is itself excluded a field stops.
STEP_IN = 1e-6


class Unfit(ValueError):  # noqa: N818 - reads as what it says
    """The numbers asked for cannot be held by Blender's own number fields."""


class Range(NamedTuple):
    """The numbers that a field can have; both ends are among them."""

    low: float
    high: float
    is_integer: bool
    multiple: float | None = None

    @classmethod
    def of(cls, schema: dict[str, Any], default: object = None) -> "Range":
        """Read the range of a JSON Schema of a number.

        Raises
        ------
        Unfit
            When it, or the default, is beyond Blender's 32 bits.
        """
        is_integer = schema.get("type") == "integer"
        least, most = (INT_LOW, INT_HIGH) if is_integer else (-FLOAT_HIGH, FLOAT_HIGH)
        low, high = schema.get("minimum", least), schema.get("maximum", most)
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        if is_integer:
            low, high = math.ceil(low), math.floor(high)
            low = low if above is None else max(low, math.floor(above) + 1)
            high = high if below is None else min(high, math.ceil(below) - 1)
        else:
            # The field must be able to show its default, however close to the bound that is.
            if above is not None:
                low = max(low, _next_to(above, high if default is None else min(high, default)))
            if below is not None:
                high = min(high, _next_to(below, low if default is None else max(low, default)))
        found = cls(max(low, least), min(high, most), is_integer, schema.get("multipleOf"))
        fits = default is None or found.low <= default <= found.high
        if found.low > found.high or not fits:
            raise Unfit(f"{low} to {high} does not fit")
        return found

    def start(self, soft_low: float, soft_high: float) -> float:
        """Give what a field starts with that has no default.

        That is 0, or 1 where it must be above 0, or what is nearest within the soft range.
        """
        wanted = 1 if max(self.low, soft_low) > 0 else 0
        return self.clamp(min(max(wanted, soft_low), soft_high))

    def clamp(self, value: float) -> float:
        """Bring `value` into the range."""
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.is_integer else float(inside)

    def write(self, value: float) -> float:
        """Write what Blender holds as the number that was meant."""
        meant = self.clamp(round(value) if self.is_integer else shortest(value))
        if not self.multiple:
            return meant
        step = Decimal(repr(self.multiple))
        count = round(Decimal(repr(meant)) / step)
        if count * step > self.high:
            count -= 1
        elif count * step < self.low:
            count += 1
        return int(count * step) if self.is_integer else float(count * step)

    def told(self, unit: str | None) -> str:
        """Say the range in words; empty if it is as good as endless."""
        most = UNTOLD_ANGLE if unit == "angle" else UNTOLD
        has_low, has_high = self.low >= -most, self.high <= most
        if has_low and has_high:
            return f"From {told(self.low, unit)} to {told(self.high, unit)}"
        if has_low:
            return f"At least {told(self.low, unit)}"
        return f"At most {told(self.high, unit)}" if has_high else ""


def told(value: float, unit: str | None) -> str:
    """Say a number as a tooltip does: angles in degrees."""
    if unit == "angle":
        return f"{math.degrees(value):.6g}°"
    return f"{value:,.0f}" if value == round(value) and abs(value) <= UNTOLD else f"{value:.6g}"


def shortest(value: float) -> float:
    """Give the shortest decimal number that is this float32: 0.1, not 0.10000000149011612."""
    return float(str(np.float32(value)))


def _next_to(bound: float, towards: float) -> float:
    """Give a float32 a little inside an excluded bound, on the side of `towards`."""
    step = STEP_IN * max(1.0, abs(bound))
    if abs(towards - bound) > step:
        return bound + math.copysign(step, towards - bound)
    near = np.float32(bound)
    direction = np.float32(math.copysign(np.inf, towards - bound))
    while (near <= bound) if direction > 0 else (near >= bound):
        near = np.nextafter(near, direction)
    return float(near)
