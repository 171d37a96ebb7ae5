"""Runs one of OpenRLHF's programs as it is, where there is no GPU.

usage: openrlhf.py MODULE ARGUMENTS of that program, with OPENRLHF its folder, OUT a folder to write into, and DO:
read   what its parser made of the arguments, and the token ids and masks that its datasets make of the rows
train  it trains, on the CPU in float32, and what it logs is written, with the order of its rows and where what it trains started

Stood in for are: flash_attn, which is imported and not used where attention is "eager"; the names of CUDA's device; TensorBoard. For `read`
Ray and vLLM too, which train_ppo_ray imports before it parses.
"""

import json
import os
import runpy
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace

sys.path.insert(0, os.environ["OPENRLHF"])
out = Path(os.environ["OUT"])
module = sys.argv.pop(1)


def stand_in(name, **attributes):
    made = ModuleType(name)
    made.__spec__, made.__path__ = ModuleSpec(name, None), []
    made.__dict__.update(attributes)
    sys.modules[name] = made


import datasets, deepspeed, peft, torch, transformers
import torch._dynamo  # looks at torch.cuda's functions before they are others

datasets.disable_progress_bars()
stand_in("flash_attn")
stand_in("flash_attn.bert_padding", index_first_axis=None, pad_input=None, rearrange=None, unpad_input=None)
stand_in("flash_attn.utils")
stand_in("flash_attn.utils.distributed", all_gather=None)

import openrlhf.utils
from openrlhf.datasets import PromptDataset, RewardDataset, SFTDataset
from openrlhf.datasets.utils import blending_datasets


def plain(value):
    """Without namespaces, and without numbers that JSON has none of."""
    if isinstance(value, SimpleNamespace):
        return {name: plain(inner) for name, inner in vars(value).items()}
    return str(value) if value == float("inf") else value


def read(args):
    tokenizer = openrlhf.utils.get_tokenizer(model_of(args), None, "right")
    strategy = SimpleNamespace(args=args, print=lambda *_: None, is_rank_0=lambda: False)
    rows = [rows_of(args, tokenizer, strategy, path) for path in files_of(args)]
    (out / "read.json").write_text(json.dumps({"args": plain(args), "rows": rows}))
    sys.exit(0)


def model_of(args):
    return (args.actor if module.endswith("train_ppo_ray") else args.model).model_name_or_path


def files_of(args):
    train = getattr(args.data, "prompt_dataset", None) or args.data.dataset
    return [path for path in (train, args.eval.dataset) if path]


def rows_of(args, tokenizer, strategy, path):
    """Lists of [ids, 1 where a token is learned]; of a reward model all are read, and none is learned by itself."""
    data = blending_datasets(path, None, strategy, dataset_split="train")
    if module.endswith("train_ppo_ray"):
        prompts = PromptDataset(data, tokenizer, strategy, input_template=args.data.input_template).prompts
        return [[whole(tokenizer(text=prompt, add_special_tokens=False)["input_ids"], 0)] for prompt in prompts]
    if module.endswith("train_sft"):
        made = SFTDataset(
            data,
            tokenizer,
            args.data.max_len,
            strategy,
            pretrain_mode=args.model.pretrain_mode_enable,
            input_template=args.data.input_template,
            num_processors=1,
        )
        return [[shifted(ids[0].tolist(), mask[0].int().tolist())] for ids, _, mask in (made[i] for i in range(len(made)))]
    is_dpo = module.endswith("train_dpo")
    made = RewardDataset(
        data, tokenizer, args.data.max_len, strategy, input_template=args.data.input_template, is_dpo=is_dpo, num_processors=1
    )
    pairs = [made[i] for i in range(len(made))]
    return [[whole(ids[0].tolist(), extra if is_dpo else 0) for ids in (chosen, rejected)] for chosen, _, rejected, _, extra in pairs]


def whole(ids, start):
    return [ids, [int(i >= start) for i in range(len(ids))]]


def shifted(ids, mask):
    """OpenRLHF's mask says of each token whether the next is learned."""
    return [ids, [0, *mask[:-1]]]


if os.environ["DO"] == "read":
    openrlhf.utils.get_strategy = read
    stand_in("ray", is_initialized=lambda: True)
    stand_in("ray.util")
    stand_in("ray.util.placement_group", placement_group=None)
    stand_in("openrlhf.trainer.ray", create_vllm_engines=None)
    stand_in("openrlhf.trainer.ray.launcher", RayActorGroup=None, ReferenceModelActor=None, RewardModelActor=None)
    stand_in("openrlhf.trainer.ray.ppo_actor", PolicyModelActor=None)
    stand_in("openrlhf.trainer.ray.ppo_critic", CriticModelActor=None)
    runpy.run_module(module, run_name="__main__")

from openrlhf.models import Actor
from openrlhf.utils import distributed_sampler, utils
from openrlhf.utils.deepspeed import deepspeed as strategies
from safetensors.torch import save_file

log, order = [], []


class Writer:
    def __init__(self, log_dir):
        pass

    def add_scalar(self, name, value, step):
        log.append([name, value, step])

    def close(self):
        pass


def in_float32(args):
    args.ds.param_dtype, args.ds.attn_implementation = "fp32", "eager"
    strategy = made(args)
    prepare = strategy.prepare

    def keep(first, *others):
        model = first[0].model if isinstance(first[0], Actor) else first[0]
        if isinstance(model, peft.PeftModel):
            model.save_pretrained(out / "start")
        if hasattr(model, "score"):
            (out / "start").mkdir(exist_ok=True)
            save_file({"score.weight": model.score.weight.detach().clone()}, out / "start" / "head.safetensors")
        return prepare(first, *others)

    strategy.prepare = keep
    return strategy


def kept_order(self):
    indices = list(drawn(self))
    if self.shuffle:
        order.extend(indices)
    return iter(indices)


made, drawn = openrlhf.utils.get_strategy, distributed_sampler.DistributedSampler.__iter__
openrlhf.utils.get_strategy = in_float32
distributed_sampler.DistributedSampler.__iter__ = kept_order
utils.convert_to_torch_dtype = lambda _: torch.float32
mesh = strategies.init_device_mesh
strategies.init_device_mesh = lambda _, *others, **named: mesh("cpu", *others, **named)
stand_in("torch.utils.tensorboard", SummaryWriter=Writer)
torch.cuda.current_device = lambda: "cpu"
torch.cuda.set_device = lambda device: None
torch.cuda.synchronize = lambda: None
torch.cuda.empty_cache = lambda: None
runpy.run_module(module, run_name="__main__")
(out / "trained.json").write_text(json.dumps({"log": log, "order": order}))
