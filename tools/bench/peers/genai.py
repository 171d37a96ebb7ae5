"""OpenVINO GenAI with 4-bit weights on given prompts, sampling at temperature 1. Prints one JSON object: seconds of each repeat, peak memory.

usage: genai.py JOB.json, where JOB = {openvino, prompts, newTokens, repeats, threads}
"""

import json
import sys
import time

import numpy
import openvino
import openvino_genai

job = json.load(open(sys.argv[1]))
scheduler = openvino_genai.SchedulerConfig()
scheduler.enable_prefix_caching = False  # every repeat reads its prompts, as the others do
pipeline = openvino_genai.LLMPipeline(
    job["openvino"], "CPU", scheduler_config=scheduler, INFERENCE_NUM_THREADS=job["threads"]
)
ids = numpy.array(job["prompts"])
inputs = openvino_genai.TokenizedInputs(openvino.Tensor(ids), openvino.Tensor(numpy.ones_like(ids)))
seconds = []
for repeat in range(job["repeats"]):
    options = openvino_genai.GenerationConfig(
        do_sample=True, temperature=1.0, top_k=0, max_new_tokens=job["newTokens"], min_new_tokens=job["newTokens"], rng_seed=repeat
    )
    start = time.perf_counter()
    result = pipeline.generate(inputs, options)
    seconds.append(time.perf_counter() - start)
    assert [len(row) for row in result.tokens] == [job["newTokens"]] * len(ids)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
versions = {"openvino_genai": openvino_genai.__version__}
print(json.dumps({"seconds": seconds, "losses": [], "peak": int(peak.split()[1]) * 1024, "versions": versions}))
