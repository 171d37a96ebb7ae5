"""What TRL's GRPOTrainer passes to a reward function, and what it makes of its answers: reward-batch.json. TRL 1.16.0.

    python data/golden/make-reward-batch.py"""

import contextlib
import inspect
import json
import os
from types import SimpleNamespace

import trl
from trl.trainer import grpo_trainer

assert trl.__version__ == "1.16.0", trl.__version__
grpo_trainer.gather = lambda tensor: tensor
grpo_trainer.profiling_context = lambda *_: contextlib.nullcontext()

ids = [[5, 6, 7], [8], [9, 10], []]
rows = [
    {"prompt": "How many?", "words": 3, "chosen": "x", "completion": "left out"},
    {"prompt": [{"role": "user", "content": "défg"}], "words": None, "chosen": None, "completion": None},
]
inputs = [row for row in rows for _ in range(2)]
completions = ["one two", " three", [{"role": "assistant", "content": "b"}], [{"role": "assistant", "content": ""}]]
seen = {}


def function(**batch):
    seen.update({name: value for name, value in batch.items() if name not in ("trainer_state", "log_extra", "log_metric")})
    return [1, None, 0.5, True]


trainer = SimpleNamespace(
    accelerator=SimpleNamespace(device="cpu"),
    state=None,
    environments=None,
    reward_funcs=[function, lambda **_: [3] * len(inputs)],
    reward_processing_classes=[None, None],
    reward_func_names=["function", "other"],
    _log_completion_extra=None,
    _log_metric=None,
)
rewards = inspect.unwrap(grpo_trainer.GRPOTrainer._calculate_rewards)(
    trainer, inputs, [row["prompt"] for row in inputs], completions, ids
)
weights = grpo_trainer.torch.tensor([2.0, 1.0])
golden = {
    "inputs": [
        {"row": row, "completion": completion, "ids": own} for row, completion, own in zip(inputs, completions, ids)
    ],
    "batch": seen,
    "answers": [1, None, 0.5, True],
    "weight": 2,
    "other": 3,
    "sums": (rewards * weights.unsqueeze(0)).nansum(dim=1).tolist(),
    "mean": rewards[:, 0].nanmean().item(),
}
with open(os.path.join(os.path.dirname(__file__), "reward-batch.json"), "w") as file:
    json.dump(golden, file, ensure_ascii=False, indent=1)
    file.write("\n")
