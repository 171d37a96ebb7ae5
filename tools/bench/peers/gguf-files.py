"""What llama.cpp says of GGUF files, and which tensors of pairs of files are the same. Prints one JSON object.

usage: gguf-files.py JOB.json, where JOB = {said: [{path, rows: [ids], from}], same: [[path, path]]}. Log-probabilities are of the tokens after `from`.
"""

import json
import sys

import gguf
import llama_cpp
import numpy as np

job = json.load(open(sys.argv[1]))
default = llama_cpp.llama_cpp.llama_model_default_params


def settings():
    """Without the kernels for AMX, which crash on matrices as small as these, the converter's own too."""
    params = default()
    params.use_extra_bufts = False
    return params


llama_cpp.llama_cpp.llama_model_default_params = settings


def log_probs(model, ids, start):
    model.reset()
    model.eval(ids)
    logits = np.array(model.scores[start - 1 : len(ids) - 1], dtype=np.float64)
    logits -= logits.max(-1, keepdims=True)
    chosen = logits[np.arange(len(logits)), ids[start:]]
    return (chosen - np.log(np.exp(logits).sum(-1))).tolist()


def said(file):
    f32 = 0  # keys and values are not rounded
    model = llama_cpp.Llama(file["path"], n_ctx=256, logits_all=True, verbose=False, type_k=f32, type_v=f32, flash_attn=False)
    return [log_probs(model, ids, file["from"]) for ids in file["rows"]]


def compared(paths):
    a, b = ({tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors} for path in paths)
    same = [name for name in a if name in b and a[name].tensor_type == b[name].tensor_type and np.array_equal(a[name].data, b[name].data)]
    return {"same": len(same), "different": sorted((a.keys() | b.keys()) - set(same))}


result = {"said": [said(file) for file in job["said"]], "same": [compared(paths) for paths in job["same"]], "version": llama_cpp.__version__}
print(json.dumps(result))
