"""Nash-MD as TRL trains it: `python make-nash-md.py` writes losses/trl-1.12-nash-md.json and trajectories/nash-md.json.

Needs trl 1.12.0, one of the last with NashMDTrainer (1.16 has none), transformers 5.23.0, peft 0.21.2, torch 2.15. CPU, one thread; the losses on
fixed log-probabilities in double precision, the rest in float32. Where the policy is an adapter, TRL mixes it with PeftModel.get_base_model(), in
which the adapter still speaks: there its mixture is the policy itself. So the run here gets its opponent's answers from that, and the mixture's
greedy answers come from TRL's GeometricMixtureWrapper over two whole models.
"""

import json
import os
import pathlib
import tempfile
from types import SimpleNamespace

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import datasets
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file
from trl.experimental.nash_md import NashMDConfig, NashMDTrainer
from trl.experimental.nash_md.nash_md_trainer import GeometricMixtureWrapper

torch.set_num_threads(1)
datasets.disable_progress_bars()
golden = pathlib.Path(__file__).parent
here = golden / "trajectories"
steps, longest = 24, 24
tokenizer = transformers.AutoTokenizer.from_pretrained(here / "model")
targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def base():
    return transformers.AutoModelForCausalLM.from_pretrained(here / "model", dtype=torch.float32)


def losses():
    random = torch.Generator().manual_seed(7)
    draw = lambda make, *shape: make(*shape, generator=random, dtype=torch.float64)
    lengths = [5, 2, 4, 1]
    mask = torch.tensor([[float(t < n) for t in range(5)] for n in lengths], dtype=torch.float64)
    reference = -3 * draw(torch.rand, 4, 5) * mask
    logps = (reference + 0.4 * draw(torch.randn, 4, 5)) * mask
    probability = draw(torch.rand, 4)

    def case(beta):
        own = logps.clone().requires_grad_()
        loss, score, kl = NashMDTrainer._compute_losses(SimpleNamespace(beta=beta), own, reference, probability)
        loss.backward()
        numbers = {"loss": loss.item(), "score": score.tolist(), "kl": kl.tolist(), "gradient": own.grad.mul(mask).tolist()}
        return {"beta": beta, **numbers}

    tables = {"logps": logps, "reference_logps": reference, "mask": mask, "probability": probability}
    return {**{name: table.tolist() for name, table in tables.items()}, "cases": [case(beta) for beta in (0.0, 0.1, 1.0)]}


def reward_model():
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        here / "model", dtype=torch.float32, num_labels=1
    )
    model.config.pad_token_id = 0
    config = peft.LoraConfig(r=8, lora_alpha=16, target_modules=targets, task_type="SEQ_CLS", modules_to_save=["score"])
    wrapped = peft.get_peft_model(model, config)
    values = load_file(here / "reward_init" / "adapter_model.safetensors")
    assert not peft.set_peft_model_state_dict(wrapped, values).unexpected_keys
    return wrapped.merge_and_unload()


class Recording(NashMDTrainer):
    """Takes the rows in their order, and keeps what each step learns from."""

    seen, losses = [], []

    def _get_train_sampler(self, dataset=None):
        return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)

    def _compute_rewards(self, model_data, mixture_data, context_length):
        scores = super()._compute_rewards(model_data, mixture_data, context_length)
        unpadded = lambda data: [ids[mask == 1].tolist() for ids, mask in zip(data["input_ids"], data["attention_mask"])]
        prompts = model_data["attention_mask"][:, :context_length].sum(1).tolist()
        rows = zip(prompts, unpadded(model_data), unpadded(mixture_data), *(of.tolist() for of in scores))
        names = ("prompt", "ids", "opponent", "score", "opponent_score")
        self.seen.append([dict(zip(names, row)) for row in rows])
        return scores

    def _compute_losses(self, *args):
        loss, score, kl = super()._compute_losses(*args)
        self.losses.append(loss.item())  # its log has four decimals
        return loss, score, kl


def run():
    prompts = [{"prompt": json.loads(line)["prompt"]} for line in open(here / "pairs.jsonl")]
    torch.manual_seed(5)
    trainer = Recording(
        model=base(),
        peft_config=peft.LoraConfig(r=8, lora_alpha=16, target_modules=targets, task_type="CAUSAL_LM"),
        reward_funcs=reward_model(),
        args=NashMDConfig(
            output_dir=tempfile.mkdtemp(),
            per_device_train_batch_size=8,
            learning_rate=1e-3,
            lr_scheduler_type="constant",
            max_steps=steps,
            logging_steps=1,
            max_new_tokens=longest,
            max_length=256,
            temperature=1.0,
            beta=0.1,
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            seed=0,
            disable_tqdm=True,
        ),
        train_dataset=datasets.Dataset.from_list(prompts),
        processing_class=tokenizer,
    )
    values = load_file(here / "ppo" / "policy_init" / "adapter_model.safetensors")
    assert not peft.set_peft_model_state_dict(trainer.model, values).unexpected_keys
    trainer.train()
    names = ("grad_norm", "loss/kl", "loss/score", "rewards/probabilities")
    logged = [entry for entry in trainer.state.log_history if "loss" in entry]
    assert len(logged) == len(trainer.seen) == steps
    step = lambda loss, entry, rows: {"loss": loss, **{name: entry[name] for name in names}, "rows": rows}
    return [step(*of) for of in zip(trainer.losses, logged, trainer.seen)]


def mixtures():
    policy = peft.PeftModel.from_pretrained(base(), here / "ppo" / "policy_init").merge_and_unload()
    greedy = transformers.GenerationConfig(
        do_sample=False, max_new_tokens=longest, eos_token_id=tokenizer.eos_token_id, pad_token_id=0, use_cache=False
    )
    questions = [json.loads(line)["prompt"] for line in open(here / "pairs.jsonl")][:6]
    prompts = [tokenizer.apply_chat_template(one, add_generation_prompt=True)["input_ids"] for one in questions]

    def answers(share):
        mixture = GeometricMixtureWrapper(policy, base(), greedy, mixture_coef=share, device=torch.device("cpu"))
        of = lambda ids: mixture.generate(
            input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), generation_config=greedy
        )[0, len(ids) :].tolist()
        return [of(ids) for ids in prompts]

    return {"prompts": prompts, "answers": [{"share": share, "ids": answers(share)} for share in (0.2, 0.5, 0.8)]}


versions = {one.__name__: one.__version__ for one in (trl, torch, transformers, peft)}
(golden / "losses" / "trl-1.12-nash-md.json").write_text(json.dumps({"versions": versions, **losses()}) + "\n")
(here / "nash-md.json").write_text(json.dumps({"versions": versions, "mixtures": mixtures(), "steps": run()}) + "\n")
