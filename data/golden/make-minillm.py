"""MiniLLM's loss and gradient by TRL on fixed logits: losses/trl-1.12-minillm.json. Needs trl 1.12.0, one of the last with MiniLLM, and torch 2.15,
by pip. The trainer's own functions run in double precision, on logits that are hidden states times a head. Three things are left out that
its compute_loss does with them: its mask counts padding as tokens, so each row's advantages are computed alone; its advantages keep the gradient
of the student's log-probabilities, so they are given without; and its discounted sums that are not normalised are γ^t times too small, so there
γ is 0 or 1.

    python3 data/golden/make-minillm.py > data/golden/losses/trl-1.12-minillm.json
"""

import json
import os
import sys
from collections import defaultdict
from types import SimpleNamespace

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import torch
import trl
from trl.experimental.minillm import MiniLLMTrainer

random = torch.Generator().manual_seed(12)
ROWS, COLUMNS, STATES, VOCABULARY = 3, 6, 4, 11


def normal(*shape):
    return torch.randn(*shape, generator=random).double()


student, head = normal(ROWS, COLUMNS, STATES), normal(VOCABULARY, STATES)
teacher, teacher_head = normal(ROWS, COLUMNS, STATES + 2), normal(VOCABULARY, STATES + 2)
labels = torch.randint(VOCABULARY, (ROWS, COLUMNS), generator=random)
identity = lambda x, **_: x


def trainer(log_probs, **options):
    """What MiniLLMTrainer's functions read of it, at MiniLLMConfig's defaults."""
    return SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *_, **__: (log_probs, torch.zeros_like(log_probs), None),
        accelerator=SimpleNamespace(num_processes=1, gather=identity, reduce=identity, gather_for_metrics=identity),
        aux_loss_enabled=False,
        current_gradient_accumulation_steps=1,
        model=SimpleNamespace(training=True),
        _metrics={"train": defaultdict(list)},
        loss_type="dapo",
        importance_sampling_level="token",
        beta=0.0,
        epsilon_low=0.2,
        epsilon_high=0.2,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        use_vllm=False,
        _entropy_bonus_enabled=False,
        args=SimpleNamespace(delta=None, steps_per_generation=1),
        **options,
    )


def case(gamma, normalised, temperature, lengths):
    states, weight = student.clone().requires_grad_(), head.clone().requires_grad_()
    mask = torch.tensor([[t < length for t in range(COLUMNS)] for length in lengths])
    own = torch.log_softmax(states @ weight.T / temperature, -1)
    other = torch.log_softmax(teacher @ teacher_head.T / temperature, -1)
    own_at, other_at = (x.gather(-1, labels.unsqueeze(-1)).squeeze(-1) for x in (own, other))
    stub = trainer(own_at, gamma=gamma, length_normalization=normalised)
    advantages = torch.zeros(ROWS, COLUMNS, dtype=torch.float64)
    for row, length in enumerate(lengths):
        one = (own_at.detach()[row : row + 1, :length], other_at[row : row + 1, :length])
        advantages[row, :length] = MiniLLMTrainer._compute_advantage(stub, *one)[0]
    inputs = {"prompt_ids": labels, "prompt_mask": mask, "completion_ids": labels, "completion_mask": mask.double()}
    loss = MiniLLMTrainer._compute_loss(stub, None, {**inputs, "advantages": advantages, "num_items_in_batch": mask.sum()})
    loss = loss + MiniLLMTrainer._single_step_decomposition_loss(stub, own, other, mask)
    loss.backward()
    return {
        "options": {"gamma": gamma, "lengthNormalization": normalised},
        "temperature": temperature,
        "mask": mask.int().tolist(),
        "advantages": advantages.tolist(),
        "loss": loss.item(),
        "gradient": states.grad.tolist(),
        "headGradient": weight.grad.tolist(),
    }


settings = [(0.0, True), (0.5, True), (0.95, True), (1.0, True), (1.0, False)]
cases = [case(*one, t, lengths) for one in settings for t in (1.0, 0.7, 2.0) for lengths in ([6, 6, 6], [3, 6, 1])]
inputs = {"student": student, "head": head, "teacher": teacher, "teacherHead": teacher_head, "labels": labels}
versions = {"trl": trl.__version__, "torch": torch.__version__}
json.dump({"versions": versions, "inputs": {name: x.tolist() for name, x in inputs.items()}, "cases": cases}, sys.stdout)
print()
