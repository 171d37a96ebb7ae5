"""Which layers Transformers leaves in full precision for lists of `llm_int8_skip_modules`: should_convert_module of Transformers 5.23.
Run: python make-unquantised.py, with transformers 5.23.0 installed."""
import json, pathlib
from transformers.quantizers.quantizers_utils import should_convert_module

linear = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
modules = [f"model.layers.{layer}.{name}" for layer in range(12) for name in linear]
lists = [
    ["lm_head"],
    ["down_proj"],
    ["proj"],
    ["model.layers.1"],
    ["model.layers.1."],
    ["model.layers.(0|11)", "up_proj"],
    ["model.layers.1.mlp.gate_proj"],
    [".*mlp"],
    ["model.layers.*.self_attn.q"],
    ["lm_head", "layers.1.mlp.up_proj"],
]
cases = [{"unquantised": names, "kept": [m for m in modules if not should_convert_module(m, names)]} for names in lists]
pathlib.Path(__file__).with_suffix("").with_name("unquantised.json").write_text(json.dumps(cases) + "\n")
