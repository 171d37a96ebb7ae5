#!/usr/bin/env python3
"""Stands in for the Python of TRL, which is too large for CI: logs, saves, stops and goes on as the script that it is given would, and trains nothing.

`npm run trl-scripts` runs the real one.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

words = sys.argv[1:]
launched = words[:2] == ["-m", "torch.distributed.run"]  # it is its own launcher; its other process trains nothing
if launched:
    words = words[words.index(sys.argv[0]) + 1 :]
script, *checkpoint = map(pathlib.Path, words)
here = script.parent
text = script.read_text()
steps = int(re.search(r"max_steps=(\d+)", text)[1])
every = int(re.search(r"save_steps=(\d+)", text)[1])
waits_at = int(os.environ.get("TOY_WAITS_AT", 0))  # for somebody to stop it
sampled = (
    {"reward": 0.25, "reward_std": 0.5, "kl": 0.125, "clip_ratio/region_mean": 0.0625, "completions/mean_length": 8}
    if "GRPOConfig" in text
    else {}
)
step = json.loads((checkpoint[0] / "trainer_state.json").read_text())["global_step"] if checkpoint else 0


def write(**values):
    line = json.dumps({"step": step, **values}) + "\n"
    for half in [line[:9], line[9:]]:  # read while it is written
        with open(here / "log.ndjson", "a") as log:
            log.write(half)


def save(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trainer_state.json").write_text(json.dumps({"global_step": step}))
    for name in ["adapter_model.safetensors", "adapter_config.json"]:
        (folder / name).write_bytes((here / "adapter" / name).read_bytes())


while step < steps:
    step += 1
    if "learning_rate=7," in text:
        print("a line of a traceback", file=sys.stderr)
        raise ValueError("a rate of 7")
    if launched and step == 5 and not checkpoint:  # waits for its other process to be killed, and says it as torch.distributed.run 2.15 does
        other = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "sleep", "600"])
        (here / "process-1").write_text(str(other.pid))
        died = signal.Signals(-other.wait())
        print(
            "Root Cause (first observed failure):\n  rank      : 1 (local_rank: 1)\n"
            f"  exitcode  : {-died} (pid: {other.pid})  ({died.name})",
            file=sys.stderr,
        )
        sys.exit(1)
    write(values={"loss": float("nan") if step == 2 else 1 / step, "epoch": step / steps, **sampled})
    if step % every == 0:
        write(values={"eval_loss": 2 / step, "eval_runtime": 0.1})
    stopped = (here / "stop").exists()
    if step % every == 0 or stopped:
        save(here / "output" / f"checkpoint-{step}")
        write(saved=str(here / "output" / f"checkpoint-{step}"))
    if stopped:
        break
    while step == waits_at and not (here / "stop").exists():
        time.sleep(0.02)
save(here / "output")
write(values={"train_runtime": 1.5})
