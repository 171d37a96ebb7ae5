"""LoRA on the experts of each mixture as PEFT computes it and as TRL trains it: tiny models, float32, one thread.

Run from the repository's root with the environment of data/golden/families/make-families.py:
    python data/golden/families/experts/make-experts.py [NAME…]
Reads the config of ../NAME.json and writes NAME.json beside this file: for each case adapter_config.json and the shapes of the tensors as
PEFT saves them, log-probabilities, the gradient of every matrix of the adapter, and the merged experts, each as one number: sum of w[i] cos(i).
What was written by writeAdapter is checked in Python by
    python data/golden/families/experts/make-experts.py --check NAME FOLDER
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
import numpy
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file

from tiny_models import fill, in_files, model_of, number, parts, targets

torch.set_num_threads(1)
datasets.disable_progress_bars()
rows_folder = here.parent.parent / "trajectories"
both = ["experts.gate_up_proj", "experts.down_proj"]


def cases(config):
    mixtral = config.model_type == "mixtral"
    attention = targets(config)
    found = {
        "both": dict(r=4, lora_alpha=8, target_modules=attention, target_parameters=both),
        "gate-up": dict(r=2, lora_alpha=3, use_rslora=True, target_modules=["q_proj"], target_parameters=["experts.gate_up_proj"]),
        "down": dict(r=3, lora_alpha=6, target_modules=[], target_parameters=["experts.down_proj"], rank_pattern={r".*\.1\..*\.down_proj": 2}, alpha_pattern={"experts.down_proj": 5}),
    }
    if config.model_type != "granitemoe":  # by the names that Transformers 4 had: PEFT makes a stack of twice the rank of gate and up
        found["by-module"] = dict(r=2, lora_alpha=4, target_modules=["q_proj", *(["w1", "w2", "w3"] if mixtral else ["gate_proj", "up_proj", "down_proj"])])
    return found


def cosines(matrix):
    flat = matrix.detach().double().flatten().numpy()
    return float(flat @ numpy.cos(numpy.arange(len(flat))))


def log_probs(model, rows):
    """Of the answers of ../NAME.json after their prompt."""
    prompt = rows["prompt"]
    sums = []
    for answer in rows["answers"]:
        logits = model(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
        sums.append(sum(logits[len(prompt) + i - 1, token] for i, token in enumerate(answer)))
    return sums


def short(name):
    return name.removeprefix("base_model.model.").replace(".default", "")


def case(config, options, rows):
    model = peft.get_peft_model(model_of(config), peft.LoraConfig(**options, task_type="CAUSAL_LM")).eval()
    fill(model, base="adapter")
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        saved = json.load(open(f"{folder}/adapter_config.json"))
        shapes = {name: list(tensor.shape) for name, tensor in load_file(f"{folder}/adapter_model.safetensors").items()}
        model = peft.PeftModel.from_pretrained(model_of(config), folder, is_trainable=True).eval()  # what PEFT reads is what counts
    for name in ("target_modules", "target_parameters"):
        saved[name] = sorted(saved[name])
    first, second = log_probs(model, rows)
    (first + 2 * second).backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            g = parameter.grad.flatten()
            gradients[short(name)] = {"norm": g.norm().item(), "first": g[:3].tolist(), "middle": g[g.numel() // 2 :][:3].tolist()}
    merged = model.merge_and_unload()
    experts = {}
    for name, parameter in merged.named_parameters():
        if ".experts." in name:
            experts |= {in_files(part, merged): cosines(tensor) for part, tensor in parts(name, parameter).items()}
    return {"adapterConfig": saved, "shapes": shapes, "logProbs": [first.item(), second.item()], "gradients": gradients, "merged": experts}


def trained(config, steps=24):
    class Sequential(trl.DPOTrainer):
        def _get_train_sampler(self, dataset=None):
            return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)

    trainer = Sequential(
        model=model_of(config),
        peft_config=peft.LoraConfig(**cases(config)["both"], task_type="CAUSAL_LM"),
        args=trl.DPOConfig(
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
            router_aux_loss_coef=0.0,
        ),
        train_dataset=datasets.Dataset.from_list([json.loads(line) for line in open(rows_folder / "pairs.jsonl")]),
        processing_class=transformers.AutoTokenizer.from_pretrained(rows_folder / "model"),
    )
    fill(trainer.model, base="adapter")
    trainer.train()
    return [{name: entry[name] for name in ("loss", "grad_norm")} for entry in trainer.state.log_history if "grad_norm" in entry]


def read(name):
    rows = json.load(open(here.parent / f"{name}.json"))
    config = transformers.AutoConfig.for_model(**rows["config"])
    if config.model_type == "granitemoe":
        config.num_experts = rows["config"]["num_experts"]  # TRL 1.16 asks for it by this name
    return rows, config


if sys.argv[1:2] == ["--check"]:
    name, folder = sys.argv[2:]
    rows, config = read(name)
    loaded = peft.PeftModel.from_pretrained(model_of(config), folder).eval()
    with torch.no_grad():
        ours, theirs = [s.item() for s in log_probs(loaded, rows)], json.load(open(here / f"{name}.json"))["cases"]["both"]["logProbs"]
    assert all(abs(a / b - 1) < 1e-5 for a, b in zip(ours, theirs)), (ours, theirs)
    print(name, "loads and says the same:", ours)
    sys.exit()

for name in sys.argv[1:] or ["qwen3-moe", "olmoe", "mixtral", "granite-moe"]:
    rows, config = read(name)
    result = {
        "versions": {m.__name__: m.__version__ for m in (torch, transformers, trl, peft)},
        "cases": {key: case(config, options, rows) for key, options in cases(config).items()},
        "dpo": trained(config),
    }
    (here / f"{name}.json").write_text(json.dumps(result) + "\n")
    print(name, {key: one["logProbs"] for key, one in result["cases"].items()}, [s["loss"] for s in result["dpo"]][::8])
