"""Runs of TRL that sample, over every weight: completions, rewards and the numbers of each optimiser step, float32, one thread.

`python make-whole-rollouts.py` writes trajectories/whole-grpo.json under trl 1.16.0 and trajectories/whole-ppo.json under 1.12.0, the last with PPO.
Needs transformers 5.23.0, peft 0.21.2, torch 2.15. The policy starts from the base with ppo/policy_init merged into it, which ends answers by itself; the
reference is TRL's own: a frozen copy of that. Reward model and PPO's critic are that model with reward_init and ppo/value_init merged, and their heads.
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent / "trajectories"
tokenizer = transformers.AutoTokenizer.from_pretrained(here / "model", padding_side="left")
start = tempfile.mkdtemp()  # GRPO reads its reference from the folder that the policy was read from
questions = [json.loads(line)["prompt"] for line in open(here / "pairs.jsonl")]
common = dict(
    bf16=False,
    use_cpu=True,
    gradient_checkpointing=False,
    report_to="none",
    save_strategy="no",
    logging_steps=1,
    disable_tqdm=True,
)


def merged(kind, source, adapter):
    scorer = kind is transformers.AutoModelForSequenceClassification
    model = kind.from_pretrained(source, dtype=torch.float32, **(dict(num_labels=1) if scorer else {}))
    model.config.pad_token_id = 0
    return peft.PeftModel.from_pretrained(model, here / adapter).merge_and_unload().requires_grad_()  # PEFT has frozen it


def scorer(adapter):
    model = merged(transformers.AutoModelForSequenceClassification, start, adapter)
    head = load_file(here / adapter / "adapter_model.safetensors")["base_model.model.score.weight"]
    model.score.weight.data.copy_(head)
    return model


def policy():
    return transformers.AutoModelForCausalLM.from_pretrained(start, dtype=torch.float32)


def moved(trained, started):
    """How far each tensor has come."""
    before = started.state_dict()
    tied = "lm_head.weight"
    return {name: (now - before[name]).norm().item() for name, now in trained.state_dict().items() if name != tied}


def unpadded(ids, mask):
    return [row[kept == 1].tolist() for row, kept in zip(ids, mask)]


def sampled_padding(ids):
    end = ids.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in ids else len(ids)
    return tokenizer.pad_token_id in ids[:end]


def grpo(options):
    judge = scorer("reward_init")

    def score(prompts, completions, completion_ids, **_):
        rows = [ids_of(prompt) + ids for prompt, ids in zip(prompts, completion_ids)]
        with torch.no_grad():
            return [judge(torch.tensor([row])).logits.item() for row in rows]

    def ids_of(prompt):
        return tokenizer.apply_chat_template(prompt, add_generation_prompt=True)["input_ids"]

    updates, steps = [], []

    class Recording(trl.GRPOTrainer):
        def _calculate_rewards(self, inputs, prompts, completions, completion_ids):
            rewards = super()._calculate_rewards(inputs, prompts, completions, completion_ids)
            columns = dict(queries=[ids_of(prompt) for prompt in prompts], responses=completion_ids, scores=rewards[:, 0].tolist())
            updates.append({**columns, "steps": []})
            self.taken = []
            return rewards

        def _compute_loss(self, model, inputs):
            loss = super()._compute_loss(model, inputs)
            if len(self.taken) == len(updates[-1]["responses"]):
                self.taken = []  # the next pass over the same completions
            pairs = list(zip(updates[-1]["queries"], updates[-1]["responses"]))
            sides = [unpadded(inputs[f"{side}_ids"], inputs[f"{side}_mask"]) for side in ("prompt", "completion")]
            rows = []
            for pair in zip(*sides):
                rows.append(next(i for i, one in enumerate(pairs) if one == pair and i not in self.taken))
                self.taken.append(rows[-1])
            if not steps or len(steps[-1]) == self.args.gradient_accumulation_steps:
                steps.append([])
                updates[-1]["steps"].append({"rows": []})
            steps[-1].append(loss.item())
            updates[-1]["steps"][-1]["rows"] += rows
            return loss

    trainer = Recording(
        model=start,
        reward_funcs=score,
        args=trl.GRPOConfig(
            output_dir=tempfile.mkdtemp(),
            model_init_kwargs=dict(dtype=torch.float32),
            max_completion_length=20,
            steps_per_generation=4,
            num_generations=4,
            per_device_train_batch_size=4,
            gradient_accumulation_steps=2,
            shuffle_dataset=False,
            generation_kwargs=dict(suppress_tokens=[tokenizer.pad_token_id]),  # which Transformers' reward models take for padding
            max_steps=24,
            seed=0,
            **common,
            **options,
        ),
        train_dataset=datasets.Dataset.from_list([{"prompt": question} for question in questions]),
        processing_class=tokenizer,
    )
    trainer.train()
    logged = [entry for entry in trainer.state.log_history if "grad_norm" in entry]
    flat = [step for update in updates for step in update["steps"]]
    assert len(logged) == len(flat) == len(steps), (len(logged), len(flat), len(steps))
    for step, entry, losses in zip(flat, logged, steps):
        step.update(loss=sum(losses), grad_norm=entry["grad_norm"], learning_rate=entry["learning_rate"])
    return {"config": options, "updates": updates, "moved": moved(trainer.model, policy())}


def ppo(options):
    from trl.experimental.ppo import PPOConfig, PPOTrainer

    prompts = [{"input_ids": tokenizer.apply_chat_template(one, add_generation_prompt=True)["input_ids"]} for one in questions[:24]]
    trainer = PPOTrainer(
        args=PPOConfig(
            seed=5,
            output_dir=tempfile.mkdtemp(),
            lr_scheduler_type="constant",
            per_device_train_batch_size=8,
            num_mini_batches=2,
            num_ppo_epochs=4,
            total_episodes=24,
            response_length=20,
            num_sample_generations=0,
            stop_token="eos",
            missing_eos_penalty=1.0,
            **common,
            **options,
        ),
        processing_class=tokenizer,
        model=policy(),
        ref_model=None,
        reward_model=scorer("reward_init").requires_grad_(False),
        value_model=scorer("ppo/value_init"),
        train_dataset=datasets.Dataset.from_list(prompts),
    )
    updates = []
    backward = trainer.accelerator.backward

    def recorded(loss):
        at = sys._getframe(1).f_locals
        if (at["ppo_epoch_idx"], at["minibatch_idx"]) == (0, 0):
            mask = (at["queries"] != tokenizer.pad_token_id).int()
            assert not any(sampled_padding(row) for row in at["responses"].tolist()), "TRL takes it for the end: take another seed"
            own = {"queries": at["queries"].tolist(), "query_attention_mask": mask.tolist(), "responses": at["responses"].tolist()}
            updates.append({**own, "minibatches": []})
        step = {"ppo_epoch": at["ppo_epoch_idx"], "minibatch": at["minibatch_idx"], "rows": at["micro_batch_inds"].tolist()}
        step |= {name: at[name].item() for name in ("loss", "pg_loss", "vf_loss")}
        updates[-1]["minibatches"].append(step)
        backward(loss)

    trainer.accelerator.backward = recorded
    trainer.train()
    logged = [entry for entry in trainer.state.log_history if "objective/kl" in entry]
    names = ("objective/kl", "objective/non_score_reward", "objective/scores", "val/num_eos_tokens", "policy/clipfrac_avg", "val/clipfrac_avg")
    for update, entry in zip(updates, logged, strict=True):
        update["metrics"] = {name: entry[name] for name in names}
    value = moved(trainer.model.value_model, scorer("ppo/value_init"))
    return {"config": options, "updates": updates, "moved": moved(trainer.model.policy, policy()), "value": value}


merged(transformers.AutoModelForCausalLM, here / "model", "ppo/policy_init").save_pretrained(start)
tokenizer.save_pretrained(start)
# GRPO: schedule, decay, clipping, several passes and mini-batches; the mean of each answer's own; and without a reference
method, make, cases = (
    ("ppo", ppo, {"adamw": dict(learning_rate=5e-4), "sgd": dict(learning_rate=0.02, optim="sgd")})
    if trl.__version__ == "1.12.0"
    else (
        "grpo",
        grpo,
        {
            # an ε over the gradients' rounding: AdamW's first updates are ±γ otherwise, whichever way a gradient near 0 was rounded
            "dapo": dict(beta=0.1, num_iterations=2, learning_rate=1e-3, lr_scheduler_type="linear", weight_decay=0.1, adam_epsilon=1e-5),
            "grpo": dict(loss_type="grpo", beta=0.04, temperature=0.7, learning_rate=1e-3, lr_scheduler_type="cosine", max_grad_norm=0.1),
            "dr_grpo": dict(loss_type="dr_grpo", scale_rewards="none", temperature=0.7, optim="sgd", learning_rate=0.05, lr_scheduler_type="constant"),
        },
    )
)
versions = {m.__name__: m.__version__ for m in (trl, torch, transformers, peft)}
result = {"versions": versions, "runs": {name: make(options) for name, options in cases.items()}}
(here / f"whole-{method}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
