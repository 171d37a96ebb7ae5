"""What DeepSpeed 0.19.8 and Accelerate 1.15.0 say that models take, for spec/requirements.

    pip install torch==2.15.0 transformers==5.23.0 accelerate==1.15.0 deepspeed==0.19.8
    python data/golden/make-requirements.py
"""

import json
import pathlib

import accelerate
import deepspeed
import torch
import transformers
from accelerate.commands.estimate import estimate_training_usage
from accelerate.utils import calculate_maximum_sizes
from deepspeed.runtime.zero.stage3 import estimate_zero3_model_states_mem_needs as zero3
from deepspeed.runtime.zero.stage3 import model_to_params
from deepspeed.runtime.zero.stage_1_and_2 import estimate_zero2_model_states_mem_needs as zero2

here = pathlib.Path(__file__).parent
states = []
for parameters, largest in [(134_515_008, 28_311_552), (8_030_261_248, 525_336_576), (70_553_706_496, 1_050_673_152)]:
    for gpus, machines in [(1, 1), (8, 1), (8, 4), (8, 128)]:
        for offload in [False, True]:
            cpu2, gpu2 = zero2(parameters, gpus, machines, offload)
            cpu3, gpu3, _ = zero3(parameters, largest, gpus, machines, offload, offload, zero_init=False)
            case = {"parameters": parameters, "largest": largest, "gpus": gpus, "machines": machines, "offload": offload}
            states.append({**case, "zero2": {"cpu": cpu2, "gpu": gpu2}, "zero3": {"cpu": cpu3, "gpu": gpu3}})

models = []
for name in ["../tiny", "trajectories/model"]:
    config = transformers.AutoConfig.from_pretrained(here / name)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    parameters, largest = model_to_params(model)
    size, _ = calculate_maximum_sizes(model)
    buffers = sum(buffer.nbytes for buffer in model.buffers())
    models.append({"name": name, "parameters": parameters, "largest": largest, "size": size, "buffers": buffers, "training": estimate_training_usage(size, "float32")})

versions = {"deepspeed": deepspeed.__version__, "accelerate": accelerate.__version__, "transformers": transformers.__version__}
(here / "requirements.json").write_text(json.dumps({"versions": versions, "states": states, "models": models}, indent=1) + "\n")
