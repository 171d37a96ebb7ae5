"""Reads what we wrote in the programs that others use, and says what they make of the same ids. Prints one JSON object.

usage: interop.py JOB.json, where JOB = {model, adapter, merged, saved, gguf: [path], text, ids}
"""

import json
import os
import sys

job = json.load(open(sys.argv[1]))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import llama_cpp
import numpy as np
import peft
import torch
import transformers

ids = torch.tensor([job["ids"]])


def log_probs(logits):
    """Of each token after the first, given those before it."""
    rows = torch.log_softmax(logits[0, :-1].double(), -1)
    return rows.gather(1, ids[0, 1:, None])[:, 0].tolist()


load = transformers.AutoModelForCausalLM.from_pretrained
with torch.no_grad():
    base = load(job["model"], dtype=torch.float32)
    tuned = peft.PeftModel.from_pretrained(base, job["adapter"])
    said = {"PEFT adapter": log_probs(tuned(ids).logits)}
    tuned.save_pretrained(job["saved"])
    said["PEFT adapter in double precision"] = log_probs(tuned.double()(ids).logits)
    said["merged folder"] = log_probs(load(job["merged"], dtype=torch.float32)(ids).logits)

tokenizer = transformers.AutoTokenizer.from_pretrained(job["merged"])
same = {"merged folder": tokenizer.encode(job["text"], add_special_tokens=False) == job["ids"]}
for path in job["gguf"]:
    model = llama_cpp.Llama(path, n_ctx=512, logits_all=True, verbose=False)
    name = "GGUF " + os.path.basename(path).split(".")[0]
    same[name] = model.tokenize(job["text"].encode(), add_bos=False, special=True) == job["ids"]
    model.eval(job["ids"])
    said[name] = log_probs(torch.tensor(np.array(model.scores[: len(job["ids"])]))[None])
versions = {m.__name__: m.__version__ for m in (transformers, peft, llama_cpp)}
print(json.dumps({"said": said, "same": same, "versions": versions}))
