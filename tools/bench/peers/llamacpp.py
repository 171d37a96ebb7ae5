"""llama.cpp on given prompts, sampling at temperature 1, all rows in one batch. Prints one JSON object: seconds of each repeat, peak memory.

usage: llamacpp.py JOB.json, where JOB = {gguf, prompts, newTokens, repeats, threads}
"""

import ctypes
import importlib.metadata
import json
import sys
import time

import llama_cpp as llama

job = json.load(open(sys.argv[1]))
rows, prompt = len(job["prompts"]), len(job["prompts"][0])
llama.llama_backend_init()
quiet = llama.llama_log_callback(lambda *_: None)
llama.llama_log_set(quiet, ctypes.c_void_p(0))
model = llama.llama_model_load_from_file(job["gguf"].encode(), llama.llama_model_default_params())
settings = llama.llama_context_default_params()
settings.n_ctx = rows * (prompt + job["newTokens"])
settings.n_batch = rows * prompt
settings.n_seq_max = rows
settings.n_threads = settings.n_threads_batch = job["threads"]
context = llama.llama_init_from_model(model, settings)
batch = llama.llama_batch_init(rows * prompt, 0, 1)


def decode(tokens):
    """Tokens as (id, position, row, whether its scores are wanted)."""
    batch.n_tokens = len(tokens)
    for i, (token, position, row, wanted) in enumerate(tokens):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, wanted
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, row
    status = llama.llama_decode(context, batch)
    assert status == 0, status


seconds = []
for repeat in range(job["repeats"]):
    sampler = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_temp(1.0))
    llama.llama_sampler_chain_add(sampler, llama.llama_sampler_init_dist(repeat))
    start = time.perf_counter()
    llama.llama_memory_clear(llama.llama_get_memory(context), True)
    decode([(id, t, row, t == prompt - 1) for row, ids in enumerate(job["prompts"]) for t, id in enumerate(ids)])
    places = [(row + 1) * prompt - 1 for row in range(rows)]
    for step in range(job["newTokens"]):
        drawn = [llama.llama_sampler_sample(sampler, context, place) for place in places]
        if step < job["newTokens"] - 1:
            decode([(id, prompt + step, row, True) for row, id in enumerate(drawn)])
            places = list(range(rows))
    seconds.append(time.perf_counter() - start)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
versions = {"llama_cpp_python": importlib.metadata.version("llama-cpp-python")}
print(json.dumps({"seconds": seconds, "losses": [], "peak": int(peak.split()[1]) * 1024, "versions": versions}))
