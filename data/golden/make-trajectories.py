"""Further training trajectories of TRL on the files of trajectories/: `python make-trajectories.py` writes trajectories/more.json.

Needs trl 1.16.0, transformers 5.23.0, peft 0.21.2, torch 2.15 (the environment of `npm run bench` has them). CPU, float32, one thread.
Same conventions as trajectories/README.md: batch 4 in file order, AdamW 5e-4, reference = base model with the adapter off.
"""

import json
import os
import pathlib
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file
from trl.experimental.cpo import CPOConfig, CPOTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent / "trajectories"
steps = 24
common = dict(
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
)


def base(reward, quantization=None):
    if not reward:
        return transformers.AutoModelForCausalLM.from_pretrained(
            here / "model", dtype=torch.float32, quantization_config=quantization
        )
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        here / "model", dtype=torch.float32, num_labels=1
    )
    model.config.pad_token_id = 0
    return model


def lora(reward):
    return peft.LoraConfig(
        r=8,
        lora_alpha=16,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        task_type="SEQ_CLS" if reward else "CAUSAL_LM",
        **(dict(modules_to_save=["score"]) if reward else {}),
    )


def rows(file):
    return datasets.Dataset.from_list([json.loads(line) for line in open(here / file)])


def run(kind, options, file, quantization=None):
    reward = kind == "reward"
    trainer_of, config_of = {
        "sft": (trl.SFTTrainer, trl.SFTConfig),
        "dpo": (trl.DPOTrainer, trl.DPOConfig),
        "cpo": (CPOTrainer, CPOConfig),
        "orpo": (ORPOTrainer, ORPOConfig),
        "reward": (trl.RewardTrainer, trl.RewardConfig),
    }[kind]

    class Sequential(trainer_of):
        def _get_train_sampler(self, dataset=None):
            return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)

    trainer = Sequential(
        model=base(reward, quantization),
        peft_config=lora(reward),  # a model that is wrapped already would be copied as the reference, adapter and all
        args=config_of(output_dir=tempfile.mkdtemp(), **common, **options),
        train_dataset=rows(file),
        processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
    )
    values = load_file(here / ("reward_init" if reward else "adapter_init") / "adapter_model.safetensors")
    for value in trainer.model.parameters():
        if value.requires_grad:  # over a 4-bit base TRL makes adapters bfloat16; runs here train them in float32
            value.data = value.data.float()
    loaded = peft.set_peft_model_state_dict(trainer.model, values)
    assert not loaded.unexpected_keys, loaded.unexpected_keys
    trainer.train()
    return [entry for entry in trainer.state.log_history if "loss" in entry]


# Name → (TRL's trainer, its options, our run file's method and options, rows if not pairs.jsonl)
cases = {
    "dpo_hinge": ("dpo", dict(loss_type=["hinge"]), {"method": "dpo", "dpo": {"loss": "hinge"}}),
    "dpo_robust": (
        "dpo",
        dict(loss_type=["robust"], label_smoothing=0.1),
        {"method": "dpo", "dpo": {"loss": "robust", "labelSmoothing": 0.1}},
    ),
    "dpo_sigmoid_norm": ("dpo", dict(loss_type=["sigmoid_norm"]), {"method": "dpo", "dpo": {"loss": "sigmoid_norm"}}),
    "dpo_exo_pair": (
        "dpo",
        dict(loss_type=["exo_pair"], label_smoothing=1e-3),
        {"method": "dpo", "dpo": {"loss": "exo_pair", "labelSmoothing": 1e-3}},
    ),
    "dpo_apo_zero": ("dpo", dict(loss_type=["apo_zero"]), {"method": "dpo", "dpo": {"loss": "apo_zero"}}),
    "dpo_aot": ("dpo", dict(loss_type=["aot"]), {"method": "dpo", "dpo": {"loss": "aot"}}),
    "dpo_ld": ("dpo", dict(ld_alpha=0.5), {"method": "dpo", "dpo": {"ldAlpha": 0.5}}),
    "dpo_wpo": ("dpo", dict(use_weighting=True), {"method": "dpo", "dpo": {"wpo": True}}),
    "dpo_js": ("dpo", dict(f_divergence_type="js_divergence"), {"method": "dpo", "dpo": {"divergence": "js_divergence"}}),
    "dpo_mpo": (
        "dpo",
        dict(loss_type=["sigmoid", "bco_pair", "sft"], loss_weights=[0.8, 0.2, 1.0]),
        {"method": "dpo", "dpo": {"loss": ["sigmoid", "bco_pair", "sft"], "lossWeights": [0.8, 0.2, 1]}},
    ),
    "cpo": ("cpo", dict(loss_type="sigmoid", cpo_alpha=1.0), {"method": "cpo"}),
    "cpo_simpo": (
        "cpo",
        dict(loss_type="simpo", beta=2.0, simpo_gamma=0.5, cpo_alpha=0.5),
        {"method": "simpo", "simpo": {"sftWeight": 0.5}},
    ),
    "orpo": ("orpo", dict(), {"method": "orpo"}),
    "dpo_strings": ("dpo", dict(), {"method": "dpo"}, "strings.jsonl"),
    "cpo_strings": ("cpo", dict(), {"method": "cpo"}, "strings.jsonl"),
    "reward_strings": ("reward", dict(), {"method": "reward"}, "strings.jsonl"),
    "reward_centered": (
        "reward",
        dict(center_rewards_coefficient=0.01),
        {"method": "reward", "reward": {"centerCoefficient": 0.01}},  # and adapter and head of reward_init
    ),
}
skipped = {"learning_rate", "epoch", "step", "num_tokens"}


def logged(entries):
    return [{k: v for k, v in entry.items() if k not in skipped} for entry in entries]


def versions(*modules):
    return {m.__name__: m.__version__ for m in (trl, torch, transformers, peft, *modules)}


def main():
    result = {
        "versions": versions(),
        "runs": {
            name: {
                "run": ours,
                "rows": (*file, "pairs.jsonl")[0],
                "steps": logged(run(kind, options, *file or ("pairs.jsonl",))),
            }
            for name, (kind, options, ours, *file) in cases.items()
        },
    }
    (here / "more.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
