"""LoRA on single experts, as PEFT has it over Transformers 4, where each matrix of each expert is a linear layer: tiny models, float32, one thread.

Run from the repository's root with torch 2.15, transformers 4.57.6 and peft 0.17.1: python data/golden/families/experts/make-single-experts.py
Reads the config of ../NAME.json and writes single.json beside this file: for each case adapter_config.json and the shapes of the tensors as PEFT
saves them, log-probabilities of the answers of ../NAME.json, and the merged experts, each as one number: sum of w[i] cos(i).
"""
import json
import pathlib
import sys
import tempfile

here = pathlib.Path(__file__).parent
sys.path[:0] = [str(here.parent)]

import peft
import torch
import transformers
from safetensors.torch import load_file

from tiny_models import number

assert transformers.__version__ == "4.57.6", transformers.__version__
torch.set_num_threads(1)
attention = ["q_proj", "k_proj", "v_proj", "o_proj"]


def cases(gate, up, down):
    return {
        "all": dict(r=4, lora_alpha=8, lora_dropout=0.05, target_modules=[*attention, gate, up, down]),
        "patterns": dict(
            r=3,
            lora_alpha=5,
            use_rslora=True,
            target_modules=["q_proj", gate, up, down],
            rank_pattern={up: 2, f"layers.1.*.experts.2.{gate}": 5},
            alpha_pattern={f"experts.1.{down}": 9},
        ),
        "some": dict(r=2, lora_alpha=4, target_modules=rf".*layers\.[02]\.(.*\.experts\.[13]\.({gate}|{down})|self_attn\.v_proj)"),
    }


def cosines(matrix):
    flat = matrix.detach().double().flatten()
    return float(flat @ torch.arange(len(flat)).double().cos())


def log_probs(model, rows):
    prompt = rows["prompt"]
    sums = []
    for answer in rows["answers"]:
        logits = model(input_ids=torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
        sums.append(sum(logits[len(prompt) + i - 1, token] for i, token in enumerate(answer)))
    return sums


def model_of(own):
    """Transformers 4 has RoPE's base by itself, and the experts of Qwen3-MoE by another name."""
    newer = ("rope_parameters", "transformers_version", "dtype")
    older = {name: value for name, value in own.items() if name not in newer} | {"rope_theta": own["rope_parameters"]["rope_theta"]}
    if own["model_type"] == "qwen3_moe":
        older["num_experts"] = older.pop("num_local_experts")
    config = transformers.AutoConfig.for_model(**older)
    config._attn_implementation = "eager"
    return transformers.AutoModelForCausalLM.from_config(config).float().eval()


def fill(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            short = name.removeprefix("base_model.model.").replace(".base_layer", "").replace(".default", "")
            values = torch.from_numpy(number(short, parameter.numel())).reshape(parameter.shape)
            scale = 0.3 if "lora" in short else 0.6
            parameter.copy_((0.5 * values + 1 if "norm" in short else scale * values).float())


def case(rows, options):
    model = peft.get_peft_model(model_of(rows["config"]), peft.LoraConfig(**options, task_type="CAUSAL_LM")).eval()
    fill(model)
    with model.disable_adapter(), torch.no_grad():
        assert all(abs(a / b - 1) < 1e-5 for a, b in zip(log_probs(model, rows), rows["logProbs"])), "not the model of Transformers 5"
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        saved = json.load(open(f"{folder}/adapter_config.json"))
        if not isinstance(saved["target_modules"], str):
            saved["target_modules"].sort()
        shapes = {name: list(tensor.shape) for name, tensor in load_file(f"{folder}/adapter_model.safetensors").items()}
    with torch.no_grad():
        first, second = log_probs(model, rows)
    merged = {name: cosines(parameter) for name, parameter in model.merge_and_unload().named_parameters() if ".experts." in name}
    return {"adapterConfig": saved, "shapes": shapes, "logProbs": [first.item(), second.item()], "merged": merged}


result = {}
usual = ("gate_proj", "up_proj", "down_proj")
for name, matrices in {"qwen3-moe": usual, "olmoe": usual, "mixtral": ("w1", "w3", "w2")}.items():
    rows = json.load(open(here.parent / f"{name}.json"))
    result[name] = {key: case(rows, options) for key, options in cases(*matrices).items()}
    print(name, {key: (one["logProbs"], len(one["shapes"])) for key, one in result[name].items()})
versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "single.json").write_text(json.dumps({"versions": versions, "families": result}) + "\n")
