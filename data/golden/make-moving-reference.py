"""DPO with a reference that moves (TR-DPO), as TRL trains every weight: `python make-moving-reference.py` writes trajectories/moving-reference.json.

Needs trl 1.16.0, transformers 5.23.0, torch 2.15. CPU, float32, one thread. Conventions of trajectories/README.md: batch 4 in file order,
AdamW 5e-4 constant. TRL moves a reference only without a peft_config.
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

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent / "trajectories"
skipped = {"learning_rate", "epoch", "step", "num_tokens"}


class Sequential(trl.DPOTrainer):
    def _get_train_sampler(self, dataset=None):
        return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)


def run(every, alpha):
    def model():
        return transformers.AutoModelForCausalLM.from_pretrained(here / "model", dtype=torch.float32)

    trainer = Sequential(
        model=model(),
        ref_model=model(),
        args=trl.DPOConfig(
            output_dir=tempfile.mkdtemp(),
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
            sync_ref_model=True,
            ref_model_sync_steps=every,
            ref_model_mixup_alpha=alpha,
        ),
        train_dataset=datasets.Dataset.from_list([json.loads(line) for line in open(here / "pairs.jsonl")]),
        processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
    )
    trainer.train()
    return [
        {key: value for key, value in entry.items() if key not in skipped}
        for entry in trainer.state.log_history
        if "loss" in entry
    ]


result = {
    "versions": {module.__name__: module.__version__ for module in (trl, torch, transformers)},
    "runs": [
        {"refModelSyncSteps": every, "refModelMixupAlpha": alpha, "steps": run(every, alpha)}
        for every, alpha in [(4, 0.6), (5, 1.0), (1, 0.1)]
    ],
}
(here / "moving-reference.json").write_text(json.dumps(result) + "\n")
