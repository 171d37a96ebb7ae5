"""Blocks of 256 values as llama.cpp's own quantiser writes them, the values that the gguf package reads from them, and the types that
llama.cpp's llama_model_quantize gives each matrix of a file.

Run from the repository's root, where `pip install llama-cpp-python==0.3.36 gguf==0.19.0` has been: python data/golden/make-gguf-k-blocks.py.
The blocks are made by ggml_quantize_chunk of the libggml-base that this package builds (x86-64 without fused multiply-add, as its
CMakeLists.txt has it). Writes gguf-k-blocks.json beside this file.
"""
import base64
import ctypes
import importlib.metadata
import json
import pathlib
import struct
import tempfile

import gguf
import llama_cpp
import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import quants

ggml = ctypes.CDLL(str(pathlib.Path(llama_cpp.__file__).parent / "lib" / "libggml-base.so"))
ggml.ggml_quantize_chunk.restype = ctypes.c_size_t
ggml.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
blocks = {"Q4_K": 144, "Q5_K": 176, "Q6_K": 210}


def quantised(values, type):
    out = np.zeros(len(values) * blocks[type], np.uint8)
    written = ggml.ggml_quantize_chunk(Type[type], values.ctypes.data, out.ctypes.data, 0, len(values), 256, None)
    assert written == len(out)
    return out


rng = np.random.default_rng(0)
normal = lambda scale=1.0: rng.standard_normal(256) * scale
one = np.zeros(256)
one[77] = -5
rows = {
    "weights": normal(0.02),
    "large": normal(1e4),
    "groups of several sizes": normal() * np.repeat(10.0 ** np.arange(-6, 2), 32),
    "heavy tails": rng.standard_t(2, 256) * 0.05,
    "positive": rng.uniform(0.5, 1, 256),
    "negative": -rng.uniform(0.5, 1, 256),
    "one value": one,
    "zeros": np.zeros(256),
    "constant": np.full(256, -0.3),
    "half zeros": np.concatenate([np.zeros(128), normal(0.1)[:128]]),
    "eighths": rng.integers(-16, 17, 256) / 8,
    "below what a half can say": normal(1e-9),
    "below what counts": normal(1e-17),
}
# The first values of each matrix of a block of the tiny model, which has been trained.
model = pathlib.Path("data/tiny/model.safetensors").read_bytes()
(header,) = struct.unpack("<Q", model[:8])
for name, entry in sorted(json.loads(model[8 : 8 + header]).items()):
    if name != "__metadata__" and ".layers.0." in name and len(entry["shape"]) == 2:
        raw = np.frombuffer(model[8 + header + entry["data_offsets"][0] :][:1024], np.uint8)
        rows[name] = raw.view(np.float32) if entry["dtype"] == "F32" else raw.view(np.float16)[:256]
values = np.array(list(rows.values()), np.float32) + 0.0  # no negative zeros

types = {}
for type in blocks:
    made = quantised(values, type)
    read = quants.dequantize(made.reshape(len(values), -1), Type[type])
    types[type] = {"bytes": base64.b64encode(made.tobytes()).decode(), "read": base64.b64encode(read.astype("<f4").tobytes()).decode()}

# What a file of these sizes is written as. Sizes of hidden layers: 256 fits, 96 does not, 40 is not divisible by 32 either.
forms = {"Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18}


def mixture(architecture, layers, hidden, tied, form):
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/source.gguf", f"{folder}/target.gguf"
        writer = gguf.GGUFWriter(source, architecture)
        for add, value in (("block_count", layers), ("context_length", 64), ("embedding_length", hidden), ("feed_forward_length", hidden), ("head_count", 2), ("head_count_kv", 2), ("layer_norm_rms_eps", 1e-5), ("vocab_size", 32), ("rope_dimension_count", hidden // 2)):
            getattr(writer, f"add_{add}")(value)
        writer.add_tokenizer_model("none")
        matrix = lambda name, rows=hidden: writer.add_tensor(name, np.zeros((rows, hidden), np.float32))
        matrix("token_embd.weight", 32)
        writer.add_tensor("output_norm.weight", np.ones(hidden, np.float32))
        if not tied:
            matrix("output.weight", 32)
        for layer in range(layers):
            parts = ["attn_qkv", "attn_output", "ffn_up", "ffn_down"] if architecture == "phi3" else ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
            for part in parts:
                matrix(f"blk.{layer}.{part}.weight", {"attn_qkv": 3, "ffn_up": 2}.get(part, 1) * hidden if architecture == "phi3" else hidden)
            for norm in ("attn_norm", "ffn_norm"):
                writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(hidden, np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        how = llama_cpp.llama_model_quantize_default_params()
        how.ftype = forms[form]
        how.nthread = 1
        assert llama_cpp.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(how)) == 0
        return {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(target).tensors if len(tensor.shape) == 2}


cases = [("llama", 9, 256, False), ("llama", 9, 256, True), ("phi3", 17, 256, False), ("llama", 3, 96, True), ("llama", 3, 96, False), ("llama", 1, 40, True)]
mixtures = [
    {"architecture": architecture, "layers": layers, "hidden": hidden, "tied": tied, "type": form, "tensors": mixture(architecture, layers, hidden, tied, form)}
    for architecture, layers, hidden, tied in cases
    for form in forms
]
version = importlib.metadata.version
source = f"llama-cpp-python {version('llama-cpp-python')} (ggml_quantize_chunk, llama_model_quantize), gguf {version('gguf')}, numpy {np.__version__}"
out = {"source": source, "rows": list(rows), "values": base64.b64encode(values.astype("<f4").tobytes()).decode(), "types": types, "mixtures": mixtures}
pathlib.Path("data/golden/gguf-k-blocks.json").write_text(json.dumps(out))
print(source, len(rows), "rows")
