"""Transformers' `generate` on given prompts, sampling at temperature 1. Prints one JSON object: seconds of each repeat, peak memory.

usage: generate.py JOB.json, where JOB = {model, prompts, newTokens, repeats, threads, way: {dtype}}
"""

import json
import os
import sys
import time

job = json.load(open(sys.argv[1]))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers

torch.set_num_threads(job["threads"])
model = transformers.AutoModelForCausalLM.from_pretrained(job["model"], dtype=getattr(torch, job["way"]["dtype"]))
ids = torch.tensor(job["prompts"])
seconds = []
for repeat in range(job["repeats"]):
    torch.manual_seed(repeat)
    start = time.perf_counter()
    with torch.no_grad():
        output = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            temperature=1.0,
            top_k=0,
            max_new_tokens=job["newTokens"],
            min_new_tokens=job["newTokens"],
            pad_token_id=0,
        )
    seconds.append(time.perf_counter() - start)
    assert output.shape[1] == ids.shape[1] + job["newTokens"]
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
versions = {m.__name__: m.__version__ for m in (torch, transformers)}
print(json.dumps({"seconds": seconds, "losses": [], "peak": int(peak.split()[1]) * 1024, "versions": versions}))
