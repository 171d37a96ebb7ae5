"""The weights that Transformers' trainer leaves out of weight decay, for each model of families/: get_decay_parameter_names of Transformers 5.23.
Run: python make-undecayed.py, with transformers 5.23.0 and torch 2.15 installed."""
import json
import pathlib

import torch
import transformers

here = pathlib.Path(__file__).parent


def undecayed(path):
    own = json.loads(path.read_text())["config"]
    own.pop("time_step_limit", None)  # none, which from_pretrained alone reads as JSON has it
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.for_model(**own))
    decayed = transformers.Trainer.get_decay_parameter_names(None, model)
    return sorted(name for name, _ in model.named_parameters() if name not in decayed)


names = {path.stem: undecayed(path) for path in sorted((here / "families").glob("*.json"))}
(here / "undecayed.json").write_text(json.dumps(names, separators=(",", ":")) + "\n")
