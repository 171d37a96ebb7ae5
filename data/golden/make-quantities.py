"""Right answers and completions with units, and whether Pint finds them equal: python data/golden/make-quantities.py (Pint 0.25.3)."""

import json
import math
import random
from importlib.metadata import version
from pathlib import Path

import pint

random.seed(0)
registry = pint.UnitRegistry()
# what is written, and what Pint calls it
kinds = [
    [("km", "km"), ("m", "m"), ("cm", "cm"), ("miles", "mile"), ("ft", "foot"), ("metres", "m"), ("inches", "inch"), ("\\text{ km}", "km")],
    [("kg", "kg"), ("g", "g"), ("grams", "g"), ("lbs", "pound"), ("tonne", "metric_ton"), ("ounces", "ounce")],
    [("s", "s"), ("minutes", "minute"), ("hours", "hour"), ("h", "hour"), ("days", "day"), ("ms", "ms"), ("weeks", "week")],
    [("km/h", "km/h"), ("m/s", "m/s"), ("miles per hour", "mile/hour"), ("mph", "mile/hour"), ("m s^{-1}", "m/s")],
    [("m^2", "m^2"), ("m²", "m^2"), ("cm^2", "cm^2"), ("square meters", "m^2"), ("hectare", "hectare"), ("square km", "km^2")],
    [("L", "liter"), ("mL", "milliliter"), ("liters", "liter"), ("cm^3", "cm^3"), ("m³", "m^3"), ("cubic cm", "cm^3")],
    [("J", "J"), ("kJ", "kJ"), ("kWh", "kWh"), ("N m", "N*m"), ("N·m", "N*m"), ("kg m^2/s^2", "J")],
    [("°C", "degC"), ("degrees Fahrenheit", "degF"), ("K", "kelvin")],
    [("Ω", "ohm"), ("kohm", "kohm"), ("V/A", "V/A")],
    [("bytes", "byte"), ("kB", "kilobyte"), ("MB", "megabyte"), ("bits", "bit")],
]
frames = ["{}", "It is {}.", "First 5 g, so the answer is {} in total.", "\\boxed{{{}}}", "#### {}", "x = 2, 3 s later: {}", "That makes {}, I think"]


def written(value):
    text = f"{value:.12g}"
    if "e" in text or random.random() < 0.1:
        mantissa, power = f"{value:.11e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')} \\times 10^{{{int(power)}}}"
    whole, _, rest = text.partition(".")
    return (f"{int(whole):,}" if abs(value) >= 1000 and random.random() < 0.5 else whole) + (f".{rest}" if rest else "")


cases = []
while len(cases) < 300:
    kind = random.choice(kinds)
    spelt, unit = random.choice(kind)
    value = random.choice([random.randrange(1, 100), random.randrange(1, 10**5) / 100, 1000 * random.randrange(1, 9)])
    truth = registry.Quantity(value, unit)
    other, of = random.choice(kind if random.random() < 0.85 else random.choice(kinds))
    try:
        amount = truth.to(of).magnitude
    except pint.DimensionalityError:
        amount = value
    if random.random() < 0.3:
        amount *= random.choice([1.001, 10, 1000, 1 / 60])
    text = written(amount)
    if amount <= 0:
        continue
    said = registry.Quantity(float(text.replace(",", "").replace(" \\times 10^{", "e").replace("}", "")), of)
    equal = said.check(truth.dimensionality) and math.isclose(said.to_base_units().magnitude, truth.to_base_units().magnitude, rel_tol=1e-6)
    cases.append([f"{written(value)} {spelt}", random.choice(frames).format(f"{text} {other}"), equal])

golden = {"pint": version("pint"), "cases": cases}
Path(__file__).with_name("quantities.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")
print(sum(equal for *_, equal in cases), "of", len(cases), "are equal")
