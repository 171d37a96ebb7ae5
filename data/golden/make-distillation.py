"""Distillation as TRL has it: `python make-distillation.py` writes losses/trl-1.16-distillation.json and trajectories/distillation.json.

Needs trl 1.16.0, transformers 5.23.0, peft 0.21.2, torch 2.15. CPU, float32, one thread. The losses and their gradients are
GKDTrainer.generalized_jsd_loss's in double precision, on logits that are hidden states times a head. The runs are GKDTrainer's with λ = 0 on sft.jsonl: the student
starts as adapter_init, the teacher is the model with ppo/policy_init merged in. The trainer gets the ids of tokens_sft.json.
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
from trl.experimental.gkd import GKDConfig, GKDTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
golden = pathlib.Path(__file__).parent
here = golden / "trajectories"
steps = 24


def base():
    return transformers.AutoModelForCausalLM.from_pretrained(here / "model", dtype=torch.float32)


def teacher():
    return peft.PeftModel.from_pretrained(base(), here / "ppo" / "policy_init").merge_and_unload()


def collate(rows):
    width = max(len(row["input_ids"]) for row in rows)

    def padded(name, value):
        return torch.tensor([row[name] + [value] * (width - len(row[name])) for row in rows])

    return {
        "input_ids": padded("input_ids", 0),
        "attention_mask": padded("attention_mask", 0),
        "labels": padded("labels", -100),
    }


def tokens():
    rows = json.loads((here / "tokens_sft.json").read_text())["rows"]
    return datasets.Dataset.from_list(
        [
            {
                "input_ids": row["input_ids"],
                "attention_mask": [1] * len(row["input_ids"]),
                "labels": [id if scored else -100 for id, scored in zip(row["input_ids"], row["completion_mask"])],
            }
            for row in rows
        ]
    )


def trajectory(beta):
    trainer = GKDTrainer(
        model=base(),
        teacher_model=teacher(),
        peft_config=peft.LoraConfig(
            r=8,
            lora_alpha=16,
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
            task_type="CAUSAL_LM",
        ),
        args=GKDConfig(
            output_dir=tempfile.mkdtemp(),
            lmbda=0.0,
            beta=beta,
            temperature=1.0,
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
            disable_tqdm=True,
            train_sampling_strategy="sequential",
        ),
        data_collator=collate,
        train_dataset=tokens(),
        processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
    )
    values = load_file(here / "adapter_init" / "adapter_model.safetensors")
    assert not peft.set_peft_model_state_dict(trainer.model, values).unexpected_keys
    trainer.train()
    return [
        {"loss": entry["loss"], "grad_norm": entry["grad_norm"]}
        for entry in trainer.state.log_history
        if "loss" in entry
    ]


def losses():
    random = torch.Generator().manual_seed(7)
    rows, width, states, vocabulary = 2, 5, 4, 11

    def normal(*shape):
        return torch.randn(*shape, generator=random).double()

    student, head = normal(rows, width, states), normal(vocabulary, states)
    others, other_head = normal(rows, width, states + 2), normal(vocabulary, states + 2)
    masks = [[[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]], [[0, 1, 1, 1, 0], [0, 0, 0, 0, 1]]]
    cases = []
    for beta in (0.0, 0.1, 0.5, 0.9, 1.0):
        for temperature in (1.0, 0.7, 2.0):
            for mask in masks:
                given, trained = student.clone().requires_grad_(), head.clone().requires_grad_()
                labels = torch.where(torch.tensor(mask) == 1, 3, -100)
                loss = GKDTrainer.generalized_jsd_loss(
                    given @ trained.T, others @ other_head.T, labels=labels, beta=beta, temperature=temperature
                )
                loss.backward()
                cases.append(
                    {
                        "beta": beta,
                        "temperature": temperature,
                        "mask": mask,
                        "loss": loss.item(),
                        "gradient": given.grad.tolist(),
                        "headGradient": trained.grad.tolist(),
                    }
                )
    inputs = {"student": student, "head": head, "teacher": others, "teacherHead": other_head}
    return {"inputs": {name: value.tolist() for name, value in inputs.items()}, "cases": cases}


versions = {module.__name__: module.__version__ for module in (trl, torch, transformers, peft)}
(golden / "losses" / "trl-1.16-distillation.json").write_text(json.dumps({"versions": versions, **losses()}) + "\n")
(here / "distillation.json").write_text(
    json.dumps({"versions": versions, "runs": [{"beta": beta, "steps": trajectory(beta)} for beta in (0.0, 0.5, 1.0)]})
    + "\n"
)
