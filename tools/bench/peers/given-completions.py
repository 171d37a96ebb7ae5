"""Runs a script of TRL's GRPO that samples nothing: it is given the completions that the workbench's own engine sampled, so that the two can be
compared step by step. `python given-completions.py train.py`, with the completions' file, a JSON list of ids a line for each update, as GIVEN.
"""

import json
import os
import runpy
import sys

import trl

batches = map(json.loads, open(os.environ["GIVEN"]))


def given(self, prompt_ids, *_):
    completions = next(batches)
    assert len(completions) == len(prompt_ids), f"{len(completions)} completions were sampled to {len(prompt_ids)} prompts"
    return completions, None


trl.GRPOTrainer._generate_single_turn = given
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
