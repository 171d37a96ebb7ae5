"""Values of TRL's GRPO and RLOO losses, with gradients: losses/trl-1.16-group.json. Needs trl 1.16.0 and torch 2.15.0 by pip.
The trainers' own _compute_loss runs on given log-probabilities; only the forward pass of a model is replaced.

    python3 data/golden/make-group-losses.py > data/golden/losses/trl-1.16-group.json
"""

import json
import sys
from collections import defaultdict
from types import SimpleNamespace

import torch
import trl
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.rloo_trainer import RLOOTrainer

torch.manual_seed(16)
LENGTHS = [3, 7, 5, 1, 6, 4]
ROWS, COLUMNS = len(LENGTHS), max(LENGTHS)
mask = torch.tensor([[1.0 if t < length else 0.0 for t in range(COLUMNS)] for length in LENGTHS])
old = -3 * torch.rand(ROWS, COLUMNS)
logps = old + 0.35 * torch.randn(ROWS, COLUMNS)
reference = old + 0.5 * torch.randn(ROWS, COLUMNS)
scores = torch.tensor([[1.0, 0.25, -0.5], [2.0, 2.0, 1.0]])

identity = lambda x, **_: x
accelerator = SimpleNamespace(num_processes=1, gather=identity, reduce=identity, gather_for_metrics=identity)


def stub(values, **settings):
    return SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *_, **__: (values, torch.zeros_like(values), None),
        accelerator=accelerator,
        aux_loss_enabled=False,
        current_gradient_accumulation_steps=1,
        model=SimpleNamespace(training=True),
        _metrics={"train": defaultdict(list)},
        **settings,
    )


def inputs(**more):
    ids = torch.ones(ROWS, COLUMNS, dtype=torch.long)
    return {"prompt_ids": ids, "prompt_mask": ids, "completion_ids": ids, "completion_mask": mask, **more}


def result(compute):
    values = logps.clone().requires_grad_()
    loss = compute(values)
    loss.backward()
    return {"loss": loss.item(), "gradient": values.grad.tolist()}


# Of an answer in several turns: which of its tokens its environment gave, as TRL's own mask has it.
GIVEN = {1: [2, 3], 2: [1], 4: [1, 3, 4]}
tool_mask = torch.ones_like(mask)
for row, columns in GIVEN.items():
    tool_mask[row, columns] = 0.0


def grpo(loss, importance="token", beta=0.0, delta=None, high=None, unbiased=True, turns=False):
    advantages = (scores - scores.mean(1, keepdim=True)) / (scores.std(1, keepdim=True) + 1e-4)

    def compute(values):
        trainer = stub(
            values,
            loss_type=loss,
            importance_sampling_level=importance,
            beta=beta,
            epsilon_low=0.2,
            epsilon_high=0.2 if high is None else high,
            max_completion_length=9,
            top_entropy_quantile=1.0,
            off_policy_mask_threshold=None,
            use_vllm=False,
            _entropy_bonus_enabled=False,
            args=SimpleNamespace(
                delta=delta,
                use_bias_correction_kl=unbiased,
                sapo_temperature_pos=1.0,
                sapo_temperature_neg=1.05,
                vespo_k_pos=2.0,
                vespo_lambda_pos=3.0,
                vespo_k_neg=3.0,
                vespo_lambda_neg=2.0,
                steps_per_generation=1,
            ),
        )
        trainer.get_gamma_weights = GRPOTrainer.get_gamma_weights
        given = inputs(
            advantages=advantages.flatten(),
            old_per_token_logps=old,
            ref_per_token_logps=reference,
            num_items_in_batch=(mask * tool_mask).sum() if turns else mask.sum(),
            **({"tool_mask": tool_mask} if turns else {}),
        )
        return GRPOTrainer._compute_loss(trainer, None, given)

    options = {"lossType": loss, "importanceSamplingLevel": importance, "beta": beta, "delta": delta, "epsilonHigh": high, "useBiasCorrectionKl": unbiased}
    return {"options": options, **result(compute)}


def rloo():
    baseline = (scores.sum(1, keepdim=True) - scores) / (scores.shape[1] - 1)
    given = inputs(advantages=(scores - baseline).flatten(), old_logps=(old * mask).sum(1))
    compute = lambda values: RLOOTrainer._compute_loss(stub(values, epsilon_low=0.2, epsilon_high=0.2), None, given)
    return {"advantages": (scores - baseline).tolist(), **result(compute)}


cases = [grpo(loss) for loss in ["grpo", "bnpo", "dr_grpo", "dapo", "sapo", "luspo", "vespo"]]
cases += [grpo("cispo", high=1.3), grpo("grpo", high=0.28), grpo("grpo", delta=1.4), grpo("dapo", importance="sequence")]
cases += [grpo("luspo", importance="sequence"), grpo("grpo", beta=0.04), grpo("dapo", beta=0.04, unbiased=False)]
in_turns = [grpo(loss, turns=True) for loss in ["grpo", "bnpo", "dr_grpo", "dapo", "sapo", "luspo", "vespo"]]
in_turns += [grpo("cispo", high=1.3, turns=True), grpo("dapo", importance="sequence", turns=True), grpo("grpo", beta=0.04, turns=True)]
data = {
    "made_with": {"trl": trl.__version__, "torch": torch.__version__},
    "scores": scores.tolist(),
    "lengths": LENGTHS,
    "max_completion_length": 9,
    "old": old.tolist(),
    "logps": logps.tolist(),
    "reference": reference.tolist(),
    "grpo": cases,
    "given": GIVEN,
    "grpo_in_turns": in_turns,
    "rloo": rloo(),
}
json.dump(data, sys.stdout)
