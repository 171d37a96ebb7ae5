"""BCO as TRL trains it, on the files of trajectories/: `python make-bco.py` writes trajectories/bco.json and losses/trl-1.12-bco.json.

Needs trl 1.12.0, one of the last with BCO (1.16 has none), transformers 5.23.0, peft 0.21.2, torch 2.15. CPU, float32, one thread.
The trainer gets the ids of tokens_kto.json, since its own tokenizing appends another EOS to a template's line feed.
"""

import json
import os
import pathlib
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import datasets
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file
from trl.experimental.bco import BCOConfig, BCOTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
golden = pathlib.Path(__file__).parent
here = golden / "trajectories"
steps = 24
skipped = {"learning_rate", "epoch", "step", "num_tokens", "loss_scale"}


def trainer_of():
    unpaired = datasets.Dataset.from_list([json.loads(line) for line in open(here / "unpaired.jsonl")])
    trainer = BCOTrainer(
        model=transformers.AutoModelForCausalLM.from_pretrained(here / "model", dtype=torch.float32),
        peft_config=peft.LoraConfig(
            r=8,
            lora_alpha=16,
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
            task_type="CAUSAL_LM",
        ),
        args=BCOConfig(
            output_dir=tempfile.mkdtemp(),
            per_device_train_batch_size=4,
            learning_rate=5e-4,
            lr_scheduler_type="constant",
            max_steps=steps,
            logging_steps=1,
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            seed=0,
            max_length=256,
            disable_tqdm=True,
            remove_unused_columns=False,
        ),
        train_dataset=unpaired,
        processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
    )
    values = load_file(here / "adapter_init" / "adapter_model.safetensors")
    assert not peft.set_peft_model_state_dict(trainer.model, values).unexpected_keys
    return trainer


def tokens():
    rows = json.loads((here / "tokens_kto.json").read_text())["rows"]
    return datasets.Dataset.from_list(
        [
            {
                "completion_input_ids": row["input_ids"],
                "completion_attention_mask": [1] * len(row["input_ids"]),
                "completion_labels": [
                    id if scored else -100 for id, scored in zip(row["input_ids"], row["completion_mask"])
                ],
                "label": row["label"],
            }
            for row in rows
        ]
    )


def trajectory():
    trainer = trainer_of()
    trainer.train_dataset = tokens()
    trainer.train()
    entries = [entry for entry in trainer.state.log_history if "loss" in entry]
    return [{key: value for key, value in entry.items() if key not in skipped} for entry in entries]


def losses():
    """Three batches one after the other: the running mean goes on from each to the next."""
    trainer = trainer_of()
    inputs = json.loads((golden / "losses" / "trl-1.16-losses.json").read_text())["inputs"]
    policy = torch.tensor(inputs["policy_per_token_logps"])
    reference = torch.tensor(inputs["ref_per_token_logps"])
    mask = torch.tensor(inputs["completion_mask"])[:, 1:]
    batches = []
    for labels, scale in [([1, 1, 1, 0, 0, 0], 1), ([1, 1, 1, 1, 1, 1], 1.5), ([0, 1, 0, 0, 1, 0], 3)]:
        given = (policy * scale).requires_grad_()
        sums = (given * mask).sum(1)
        references = (reference * mask).sum(1)
        good = torch.tensor(labels, dtype=torch.bool)
        each, _, _, delta = trainer.bco_loss(sums[good], sums[~good], references[good], references[~good], None, None)
        loss = each.nanmean()
        loss.backward()
        batches.append(
            {
                "labels": labels,
                "scale": scale,
                "loss": loss.item(),
                "delta": delta.item(),
                "grad_per_token_logps": given.grad.tolist(),
            }
        )
    return batches


versions = {module.__name__: module.__version__ for module in (trl, torch, transformers, peft)}
(golden / "losses" / "trl-1.12-bco.json").write_text(
    json.dumps({"versions": versions, "beta": 0.1, "batches": losses()}) + "\n"
)
(here / "bco.json").write_text(json.dumps({"versions": versions, "steps": trajectory()}) + "\n")
