"""Advantages of REINFORCE++ and its baseline by verl: losses/verl-0.4.1-reinforce-plus-plus.json. Needs torch 2.15.0 and, without their own
requirements, verl 0.4.1, tensordict 0.8.3, ray 2.46.0, msgpack, protobuf, omegaconf and setuptools below 80, by pip. In double precision.

    python3 data/golden/make-reinforce-plus-plus.py > data/golden/losses/verl-0.4.1-reinforce-plus-plus.json
"""

import json
import sys
from types import SimpleNamespace

import torch
from verl.trainer.ppo.core_algos import (
    compute_reinforce_plus_plus_baseline_outcome_advantage as group_advantages,
    compute_reinforce_plus_plus_outcome_advantage as batch_advantages,
)

torch.manual_seed(17)
torch.set_default_dtype(torch.float64)
LENGTHS = [3, 7, 5, 1, 6, 4]
GROUP = 3
ROWS, COLUMNS = len(LENGTHS), max(LENGTHS)
mask = torch.tensor([[1.0 if t < length else 0.0 for t in range(COLUMNS)] for length in LENGTHS])
kl = 0.5 * torch.randn(ROWS, COLUMNS) * mask
scores = torch.tensor([1.0, 0.25, -0.5, 2.0, 2.0, 1.0])
prompts = [row // GROUP for row in range(ROWS)]


def rewards(beta):
    table = -beta * kl
    for row, length in enumerate(LENGTHS):
        table[row, length - 1] += scores[row]
    return table


def case(baseline, beta):
    if baseline == "batch":
        advantages, _ = batch_advantages(rewards(beta), mask, config=SimpleNamespace(gamma=1.0))
    else:
        advantages, _ = group_advantages(rewards(beta), mask, index=prompts)
    return {"baseline": baseline, "beta": beta, "advantages": rows(advantages)}


def rows(table):
    return [row[:length] for row, length in zip(table.tolist(), LENGTHS)]


cases = [case("batch", 0.1), case("batch", 1.0), case("batch", 0.0), case("group", 0.0)]
json.dump({"group": GROUP, "scores": scores.tolist(), "kl": rows(kl), "cases": cases}, sys.stdout)
