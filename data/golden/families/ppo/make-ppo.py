"""Each family as TRL's PPO trains it: the rollouts of 24 optimiser steps and the losses of each step, float32, one thread.

PPO left TRL after 1.12.0. Run from the repository's root with trl 1.12.0, transformers 5.23.0, peft 0.21.2 and torch 2.15:
python data/golden/families/ppo/make-ppo.py [NAME…]. Reads the config of ../NAME.json and writes NAME.json beside this file.

The trainer's own train() runs; what it computes is read where it calls backward. TRL asks a critic and a reward model for a backbone and a
head `score`, so that they can be made of families that Transformers has no reward model of. Both start as one model; the critic is trained.
"""
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
here = pathlib.Path(__file__).parent
sys.path[:0] = [str(here.parent)]

import datasets
import peft
import torch
import transformers
import trl
from trl.experimental.ppo import PPOConfig, PPOTrainer

from tiny_models import fill, model_of, targets

assert trl.__version__ == "1.12.0", trl.__version__
torch.set_num_threads(1)
rows_folder = here.parent.parent / "trajectories"
tokenizer = transformers.AutoTokenizer.from_pretrained(rows_folder / "model", padding_side="left")


def lora(config):
    return peft.LoraConfig(r=4, lora_alpha=8, target_modules=targets(config))


def scorer(config):
    model = peft.inject_adapter_in_model(lora(config), model_of(config))
    model.score = torch.nn.Linear(config.hidden_size, 1, bias=False)
    fill(model, base="adapter")
    return model


def prompts(count):
    rows = [json.loads(line) for line in open(rows_folder / "pairs.jsonl")][:count]
    return [{"input_ids": tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, return_dict=True)["input_ids"]} for row in rows]


def plain(tensor):
    return float(f"{tensor.item():.9g}")


def trained(config):
    """Three updates of four answers: four epochs of two mini-batches."""
    policy = peft.get_peft_model(model_of(config), lora(config))
    fill(policy, base="adapter")
    trainer = PPOTrainer(
        args=PPOConfig(
            output_dir=tempfile.mkdtemp(),
            learning_rate=1e-3,
            lr_scheduler_type="constant",
            per_device_train_batch_size=4,
            num_mini_batches=2,
            num_ppo_epochs=4,
            total_episodes=12,
            response_length=12,
            num_sample_generations=0,
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            logging_steps=1,
            seed=0,
            disable_tqdm=True,
        ),
        processing_class=tokenizer,
        model=policy,
        ref_model=None,
        reward_model=scorer(config).requires_grad_(False),
        value_model=scorer(config),
        train_dataset=datasets.Dataset.from_list(prompts(4)),
    )
    updates = []
    backward = trainer.accelerator.backward

    def recorded(loss):
        at = sys._getframe(1).f_locals
        if (at["ppo_epoch_idx"], at["minibatch_idx"]) == (0, 0):
            mask = (at["queries"] != tokenizer.pad_token_id).int()
            updates.append({"queries": at["queries"].tolist(), "query_attention_mask": mask.tolist(), "responses": at["responses"].tolist(), "minibatches": []})
        step = {"ppo_epoch": at["ppo_epoch_idx"], "minibatch": at["minibatch_idx"], "rows": at["micro_batch_inds"].tolist()}
        updates[-1]["minibatches"].append({**step, **{name: plain(at[name]) for name in ("loss", "pg_loss", "vf_loss")}})
        backward(loss)

    trainer.accelerator.backward = recorded
    trainer.train()
    logged = [entry for entry in trainer.state.log_history if "objective/kl" in entry]
    for update, entry in zip(updates, logged, strict=True):
        update["metrics"] = {name: entry[name] for name in ("objective/kl", "objective/scores", "policy/clipfrac_avg", "val/clipfrac_avg")}
    return updates


for name in sys.argv[1:] or sorted(path.stem for path in here.parent.glob("*.json")):
    own = json.loads((here.parent / f"{name}.json").read_text())["config"]
    own.pop("time_step_limit", None)  # none, which from_pretrained alone reads as JSON has it
    updates = trained(transformers.AutoConfig.for_model(**own))
    versions = {m.__name__: m.__version__ for m in (torch, transformers, trl, peft)}
    (here / f"{name}.json").write_text(json.dumps({"versions": versions, "updates": updates}, separators=(",", ":")) + "\n")
    print(name, [u["metrics"] for u in updates], [m["loss"] for u in updates for m in u["minibatches"]][::6], flush=True)
