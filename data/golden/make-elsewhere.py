"""A run of TRL as it leaves itself: trainer_state.json and TensorBoard's event file, and what TensorBoard reads from that file.

Run in an environment with trl 1.16.0 and tensorboard 2.20.0:  python data/golden/make-elsewhere.py
"""

import glob
import json
import os
import shutil
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import peft
import transformers
import trl
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

here = os.path.dirname(__file__)
model = os.path.join(here, "trajectories", "model")
rows = [json.loads(line) for line in open(os.path.join(here, "trajectories", "pairs.jsonl"))]
rows = [{key: row[key] for key in ("prompt", "chosen", "rejected")} for row in rows]
output = tempfile.mkdtemp()
logs = os.path.join(output, "logs")
os.environ["TENSORBOARD_LOGGING_DIR"] = logs
trainer = trl.DPOTrainer(
    transformers.AutoModelForCausalLM.from_pretrained(model),
    args=trl.DPOConfig(
        output_dir=output, bf16=False, report_to="tensorboard", max_steps=12, logging_steps=1, eval_strategy="steps",
        eval_steps=4, per_device_train_batch_size=2, learning_rate=1e-3, max_length=128, use_cpu=True, seed=1,
    ),
    train_dataset=datasets.Dataset.from_list(rows[:24]),
    eval_dataset=datasets.Dataset.from_list(rows[-6:]),
    processing_class=transformers.AutoTokenizer.from_pretrained(model),
    peft_config=peft.LoraConfig(r=4, target_modules="all-linear"),
)
trainer.train()
trainer.state.save_to_json(os.path.join(here, "elsewhere", "trainer_state.json"))
events = glob.glob(os.path.join(logs, "**", "events*"), recursive=True)[0]
shutil.copy(events, os.path.join(here, "elsewhere", "events.out.tfevents.trl"))
seen = EventAccumulator(events)
seen.Reload()
scalars = {tag: [[event.step, event.value] for event in seen.Scalars(tag)] for tag in seen.Tags()["scalars"]}
json.dump(scalars, open(os.path.join(here, "elsewhere", "scalars.json"), "w"), indent=1)
print({name: len(values) for name, values in scalars.items()})
