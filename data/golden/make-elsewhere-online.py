"""Runs of TRL's GRPO and RLOO as they leave themselves: their trainer_state.json, with and without a KL term.

Run in an environment with trl 1.16.0 (torch 2.15.0, transformers 5.23.0):  python data/golden/make-elsewhere-online.py
"""

import json
import os
import shutil
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import transformers
import trl

here = os.path.dirname(os.path.abspath(__file__))
model = os.path.join(here, "trajectories", "model")
prompts = [{"prompt": json.loads(line)["prompt"]} for line in open(os.path.join(here, "trajectories", "pairs.jsonl"))][:8]


def short(completions, **_):
    return [-len(completion[0]["content"]) / 100 for completion in completions]


runs = {
    "grpo": (trl.GRPOTrainer, trl.GRPOConfig, {"beta": 0.04}),
    "grpo-no-kl": (trl.GRPOTrainer, trl.GRPOConfig, {"beta": 0.0}),
    "rloo": (trl.RLOOTrainer, trl.RLOOConfig, {"beta": 0.05}),
}
for name, (Trainer, Config, options) in runs.items():
    output = tempfile.mkdtemp()
    trainer = Trainer(
        model=transformers.AutoModelForCausalLM.from_pretrained(model),
        reward_funcs=short,
        args=Config(
            output_dir=output, bf16=False, report_to="none", max_steps=2, logging_steps=1, use_cpu=True, seed=1,
            per_device_train_batch_size=4, num_generations=4, max_completion_length=8, learning_rate=1e-3, **options,
        ),
        train_dataset=datasets.Dataset.from_list(prompts),
        processing_class=transformers.AutoTokenizer.from_pretrained(model),
    )
    trainer.train()
    trainer.state.save_to_json(os.path.join(here, "elsewhere", f"{name}_trainer_state.json"))
    shutil.rmtree(output)
