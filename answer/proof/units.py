"""Units that quantities are given in: what each measures and how large it is. Pure.

Two units of one kind can be compared ("90 minutes" and "1.5 hours"). Converts nothing
between kinds: metres are no feet here.
"""

from __future__ import annotations

from fractions import Fraction

# unit → (what it measures, how many of the smallest unit of its kind)
UNITS: dict[str, tuple[str, Fraction]] = {
    form: (kind, Fraction(size))
    for kind, units in {
        "time": {
            "second seconds sec secs": 1, "minute minutes min mins": 60, "hour hours hr hrs": 3600,
            "day days": 86400, "week weeks": 604800,
        },
        "years": {"month months": 1, "year years yr yrs": 12, "decade decades": 120,
                  "century centuries": 1200},
        "metric length": {"millimetre millimetres millimeter millimeters mm": 1,
                          "centimetre centimetres centimeter centimeters cm": 10,
                          "metre metres meter meters": 1000,
                          "kilometre kilometres kilometer kilometers km": 10**6},
        "imperial length": {"inch inches": 1, "foot feet ft": 12, "yard yards": 36,
                            "mile miles": 63360},
        "metric mass": {"gram grams gramme grammes": 1, "kilogram kilograms kilo kilos kg": 1000,
                        "tonne tonnes": 10**6},
        "mass": {"ton tons": 1}, "imperial mass": {"lb lbs": 1},
        "area": {"hectare hectares ha": 1}, "imperial area": {"acre acres": 1},
        "volume": {"litre litres liter liters": 1}, "imperial volume": {"gallon gallons": 1},
        "share": {"% percent": 1},
        "points": {"percentage": 1},
        "times": {"times": 1},
        "dollar": {"$ dollar dollars usd us$": 1}, "euro": {"€ euro euros eur": 1},
        "pound": {"£ gbp": 1}, "yen": {"¥ yen": 1}, "crown": {"crown crowns krona krone kronor": 1},
        "rouble": {"rouble roubles ruble rubles": 1}, "franc": {"franc francs": 1},
        "yuan": {"yuan": 1},
    }.items()
    for forms, size in units.items()
    for form in forms.split()
}  # fmt: skip
# A pound may be money or weight, and "m" a million or metres: they agree with both.
LOOSE = {"pound": ("pound", "imperial mass"), "pounds": ("pound", "imperial mass")}
