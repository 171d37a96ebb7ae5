"""What Transformers computes from the fields of config.json: the mean negative log-likelihood of one row, in float32.

Run from the repository's root, with trl 1.16.0's environment:  python data/golden/models/make-models.py
The model is data/golden/adapters/model; each case changes fields of its config.json (null: the field goes) or gives it a head of its own.
Writes models.json.
"""
import json
import shutil
import tempfile
from pathlib import Path

import safetensors.torch
import torch
import transformers

source = Path("data/golden/adapters/model")
golden = json.loads(Path("data/golden/adapters/adapters.json").read_text())
ids = torch.tensor([golden["ids"]])
llama3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8)
cases = {
    "as it is": {},
    "relu": {"hidden_act": "relu"},
    "gelu": {"hidden_act": "gelu"},
    "gelu_pytorch_tanh": {"hidden_act": "gelu_pytorch_tanh"},
    "gelu_new": {"hidden_act": "gelu_new"},
    "swish": {"hidden_act": "swish"},
    "rope_theta alone": {"rope_parameters": None, "rope_theta": 50.0},
    "rope_theta in both places": {"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}, "rope_theta": 50.0},
    "linear, old form": {"rope_parameters": None, "rope_theta": 100.0, "rope_scaling": {"type": "linear", "factor": 4.0}},
    "linear, new form": {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 100.0}},
    "llama3, old form": {"rope_parameters": None, "rope_theta": 100.0, "rope_scaling": llama3},
    "llama3, new form": {"rope_parameters": {**llama3, "rope_theta": 100.0}},
    "llama3, its context from the file": {"rope_parameters": {**{k: v for k, v in llama3.items() if k[0] != "o"}, "rope_theta": 100.0}, "max_position_embeddings": 8},
    "both forms": {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 100.0}, "rope_scaling": {"type": "linear", "factor": 8.0}, "rope_theta": 30.0},
    "tied, with a head of its own": {"head": "own"},
    "tied, with the embedding again as head": {"head": "same"},
    "tied, with the head alone": {"head": "alone"},
}


def loss(edits: dict) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "model"
        shutil.copytree(source, folder)
        config = {**json.loads((folder / "config.json").read_text()), **edits}
        head = config.pop("head", None)
        (folder / "config.json").write_text(json.dumps({k: v for k, v in config.items() if v is not None}))
        if head:
            tensors = safetensors.torch.load_file(folder / "model.safetensors")
            embedding = tensors["model.embed_tokens.weight"]
            factors = 1 + (torch.arange(embedding.numel()) % 7).reshape(embedding.shape) / 4
            tensors["lm_head.weight"] = embedding * factors if head == "own" else embedding.clone()
            if head == "alone":
                del tensors["model.embed_tokens.weight"]
            safetensors.torch.save_file(tensors, folder / "model.safetensors", {"format": "pt"})
        model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        with torch.no_grad():
            return model(input_ids=ids, labels=ids).loss.item()


result = {
    "versions": {m.__name__: m.__version__ for m in (torch, transformers)},
    "ids": golden["ids"],
    "cases": {name: {"edits": edits, "loss": loss(edits)} for name, edits in cases.items()},
}
Path("data/golden/models/models.json").write_text(json.dumps(result, indent=1) + "\n")
