"""Agreement statistics by their packages: agreement.json. Needs krippendorff, statsmodels and scikit-learn by pip.

    python3 data/golden/make-agreement.py > data/golden/agreement.json
"""

import json
import sys
from importlib.metadata import version

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

random = np.random.default_rng(7)


def votes(items, raters, noise, missing):
    """items x raters of scores from -4 to 4, NaN where nobody looked."""
    truth = random.integers(-4, 5, size=(items, 1))
    seen = np.clip(truth + np.round(random.normal(0, noise, size=(items, raters))), -4, 4)
    seen[random.random((items, raters)) < missing] = np.nan
    return seen


def side(score):
    return np.nan if np.isnan(score) else 0.0 if score > 0 else 1.0 if score < 0 else 2.0


def rows(table):
    return [[None if np.isnan(value) else value for value in row] for row in table.tolist()]


cases = []
for items, raters, noise, missing in [(40, 2, 1.5, 0), (60, 3, 2.5, 0.3), (25, 5, 4, 0.5), (12, 2, 0.1, 0), (30, 4, 9, 0.1)]:
    table = votes(items, raters, noise, missing)
    sides = np.vectorize(side, otypes=[float])(table)
    case = {
        "scores": rows(table),
        "alphaNominal": krippendorff.alpha(reliability_data=sides.T, level_of_measurement="nominal"),
        "alphaOrdinal": krippendorff.alpha(reliability_data=table.T, level_of_measurement="ordinal"),
    }
    if missing == 0:
        case["fleiss"] = fleiss_kappa(aggregate_raters(sides.astype(int))[0])
    if missing == 0 and raters == 2:
        case["cohen"] = cohen_kappa_score(sides[:, 0], sides[:, 1])
    cases.append(case)

made_with = {name: version(name) for name in ["krippendorff", "statsmodels", "scikit-learn", "numpy"]}
json.dump({"made_with": made_with, "cases": cases}, sys.stdout)
