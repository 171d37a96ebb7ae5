"""XPO's loss and gradient by TRL on fixed log-probabilities: losses/trl-1.12-xpo.json. Needs trl 1.12.0, one of the last with XPO, and torch 2.15,
by pip. The trainer's own _compute_losses runs, in double precision.

    python3 data/golden/make-xpo.py > data/golden/losses/trl-1.12-xpo.json
"""

import json
import os
import sys
from types import SimpleNamespace

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import torch
from trl.experimental.xpo import XPOTrainer

torch.manual_seed(18)
torch.set_default_dtype(torch.float64)
PAIRS, COLUMNS = 3, 5
LENGTHS = {"model": [5, 2, 4], "reference": [3, 5, 1]}
mask = {name: torch.tensor([[float(t < n) for t in range(COLUMNS)] for n in lengths]) for name, lengths in LENGTHS.items()}
old = {name: -3 * torch.rand(PAIRS, COLUMNS) * mask[name] for name in LENGTHS}
logps = {name: (old[name] + 0.4 * torch.randn(PAIRS, COLUMNS)) * mask[name] for name in LENGTHS}
chosen = torch.tensor([True, False, True])  # whether the model's completion is


def case(beta, alpha):
    own, other = (logps[name].clone().requires_grad_() for name in ("model", "reference"))
    trainer = SimpleNamespace(args=SimpleNamespace(loss_type="sigmoid"), beta=beta, alpha=alpha)
    loss, _, _ = XPOTrainer._compute_losses(trainer, own, other, old["reference"], old["model"], chosen)
    loss.backward()
    return {
        "options": {"beta": beta, "alpha": alpha},
        "loss": loss.item(),
        "gradient": {"model": own.grad.mul(mask["model"]).tolist(), "reference": other.grad.mul(mask["reference"]).tolist()},
    }


cases = [case(0.1, 1e-5), case(0.5, 0.05), case(0.1, 1.0)]
tables = lambda of: {name: of[name].tolist() for name in LENGTHS}
json.dump(
    {"logps": tables(logps), "reference_logps": tables(old), "mask": tables(mask), "chosen": chosen.tolist(), "cases": cases},
    sys.stdout,
)
