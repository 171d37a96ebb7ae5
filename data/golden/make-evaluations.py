"""Writes preference-accuracy.json with rewardbench 0.1.4's own functions, and length-controlled.json with alpaca_eval 0.6.6's.

Both packages import programs that are not needed here, so their functions are taken out of their sources.
usage: python make-evaluations.py   (pip install numpy pandas datasets scikit-learn; pip download --no-deps rewardbench==0.1.4 alpaca_eval==0.6.6)
"""

import ast
import glob
import json
import math
import zipfile
from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd
import sklearn
from datasets import Dataset
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.metrics import make_scorer
from sklearn.model_selection import GroupKFold

here = Path(__file__).parent


def functions(wheel, path, names, scope):
    source = zipfile.ZipFile(glob.glob(wheel)[0]).read(path).decode()
    body = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name in names]
    exec(compile(ast.Module(body, []), path, "exec"), scope)
    return scope


rng = np.random.default_rng(7)
bench = functions(
    "rewardbench-0.1.4-*.whl",
    "rewardbench/utils.py",
    ["reroll_and_score_dataset", "sample_stats", "process_single_model"],
    {"np": np, "pd": pd, "math": math, "Dataset": Dataset, "List": list},
)
bench.setdefault("List", list)
best = []
for size in [2, 2, 4, 4, 4, 4, 4, 4, 6, 6]:
    scores = [float(score) for score in rng.integers(0, 4, size)]  # few values: many ties
    flat = Dataset.from_dict({"text": [str(i) for i in range(size)], "scores": scores, "id": ["0"] * size})
    found = bench["reroll_and_score_dataset"](flat, [size])
    best.append({"scores": scores, "credit": float(found["results"][0])})
ties = []
for seed in range(8):
    rng = np.random.default_rng(seed)
    rows = []
    for question in range(6):
        for kind, right in [("ref", 1), ("tied", int(rng.integers(2, 5)))]:
            if seed == 3 and question % 2 and kind == "ref":
                continue  # a question of which one half is missing
            wrong = int(rng.integers(2, 5))
            spread = 0 if seed == 5 else 1  # right answers that score alike
            scores = [*(2 + spread * rng.normal(0, 0.7, right)), *rng.normal(0, 1, wrong)]
            rows.append({"id": f"{kind}:{question}", "scores": [float(score) for score in scores], "num_correct": right})
    _, score = bench["process_single_model"](Dataset.from_list(rows))
    ties.append({"rows": rows, "score": float(score)})
(here / "preference-accuracy.json").write_text(json.dumps({"made": "rewardbench 0.1.4", "best": best, "ties": ties}) + "\n")

glm = functions(
    "alpaca_eval-0.6.6-*.whl",
    "alpaca_eval/metrics/glm_winrate.py",
    ["fit_LogisticRegressionCV", "logloss", "logloss_continuous", "_logistic"],
    {"np": np, "pd": pd, "sklearn": sklearn, "Optional": Optional, "LogisticRegression": LogisticRegression, "LogisticRegressionCV": LogisticRegressionCV, "make_scorer": make_scorer, "GroupKFold": GroupKFold},
)
cases = []
for seed, (skill, gain, longer, soft) in enumerate([(0.3, 0.0, 0, False), (0.0, 1.5, 200, False), (-0.5, 1.0, 300, True), (1.0, -0.8, -150, True), (0.2, 2.5, 400, False)]):
    rng = np.random.default_rng(seed)
    n = 300
    base = rng.integers(50, 800, n)
    own = np.maximum(1, base + longer + rng.normal(0, 150, n).astype(int))
    delta = pd.Series(base - own)  # as alpaca_eval has it: output_1 is the baseline
    std = delta / delta.std()
    chance = glm["_logistic"](skill - gain * np.tanh(std))
    preference = chance if soft else (rng.random(n) < chance).astype(float)
    data = pd.DataFrame({"np.tanh(std_delta_len)": np.tanh(std), "not_gamed_baseline.astype(float)": 1.0, "preference": preference})
    # without cross-validation, and with next to no penalty: what its estimator tends to with many rows
    model = glm["fit_LogisticRegressionCV"](data, "preference", n_splits=0, C=1e6, tol=1e-10, max_iter=10000)
    weights = dict(zip(data.columns[:2], (float(w) for w in model.coef_[0])))
    chosen = glm["fit_LogisticRegressionCV"](data, "preference", n_splits=5)
    cases.append(
        {
            "base": [int(x) for x in base],
            "own": [int(x) for x in own],
            "preference": [float(p) for p in preference],
            "winRate": float(glm["_logistic"](weights["not_gamed_baseline.astype(float)"])),
            "lengthWeight": weights["np.tanh(std_delta_len)"],
            "crossValidated": float(glm["_logistic"](chosen.coef_[0][1])),
        }
    )
(here / "length-controlled.json").write_text(json.dumps({"made": f"alpaca_eval 0.6.6, scikit-learn {sklearn.__version__}", "cases": cases}) + "\n")
