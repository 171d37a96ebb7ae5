"""Training trajectories of TRL over every weight, without a peft_config: `python make-whole.py` writes trajectories/whole.json.

Needs trl 1.16.0, transformers 5.23.0, torch 2.15. CPU, float32, one thread. Conventions of trajectories/README.md: batch 4 in file order,
AdamW 5e-4 constant. The reference is TRL's own: a frozen copy of the model as it was loaded. A reward model's head is that of reward_init.
"""

import json
import os
import pathlib
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import torch
import transformers
import trl
from safetensors.torch import load_file
from trl.experimental.kto import KTOConfig, KTOTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent / "trajectories"
common = dict(
    per_device_train_batch_size=4,
    learning_rate=5e-4,
    lr_scheduler_type="constant",
    max_steps=24,
    logging_steps=1,
    bf16=False,
    use_cpu=True,
    gradient_checkpointing=False,
    report_to="none",
    save_strategy="no",
    seed=0,
    max_length=256,
    disable_tqdm=True,
)


def base(reward):
    if not reward:
        return transformers.AutoModelForCausalLM.from_pretrained(here / "model", dtype=torch.float32)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        here / "model", dtype=torch.float32, num_labels=1
    )
    model.config.pad_token_id = 0
    head = load_file(here / "reward_init" / "adapter_model.safetensors")["base_model.model.score.weight"]
    model.score.weight.data.copy_(head)
    return model


def run(trainer_of, config_of, options, file):
    class Sequential(trainer_of):
        def _get_train_sampler(self, dataset=None):
            return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)

    trainer = Sequential(
        model=base(trainer_of is trl.RewardTrainer),
        args=config_of(output_dir=tempfile.mkdtemp(), **common, **options),
        train_dataset=datasets.Dataset.from_list([json.loads(line) for line in open(here / file)]),
        processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
    )
    trainer.train()
    return [entry for entry in trainer.state.log_history if "loss" in entry]


cases = {
    "sft": (trl.SFTTrainer, trl.SFTConfig, {}, "sft.jsonl"),
    "dpo": (trl.DPOTrainer, trl.DPOConfig, {}, "pairs.jsonl"),
    "kto": (KTOTrainer, KTOConfig, {}, "unpaired.jsonl"),
    "reward": (trl.RewardTrainer, trl.RewardConfig, {}, "pairs.jsonl"),
}
skipped = {"learning_rate", "epoch", "step", "num_tokens"}
result = {
    "versions": {m.__name__: m.__version__ for m in (trl, torch, transformers)},
    "runs": {
        name: {
            "rows": case[3],
            "steps": [{k: v for k, v in entry.items() if k not in skipped} for entry in run(*case)],
        }
        for name, case in cases.items()
    },
}
(here / "whole.json").write_text(json.dumps(result) + "\n")
