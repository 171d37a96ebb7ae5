"""Tiny models whose weights follow from their names, here and in test/family-models.ts alike."""
import numpy as np
import torch
import transformers


def number(name, count):
    """Uniform in −½ … ½: a hash of the name and of each place, in 32 bits."""
    h = np.uint32(2166136261)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            h = (h ^ np.uint32(byte)) * np.uint32(16777619)
        x = h + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        x = x ^ (x >> np.uint32(16))
    return x.astype(np.float64) / 2**32 - 0.5


def stored(name, module):
    """A parameter's name in files: GPT-NeoX's head has kept its older one there."""
    return name.replace("lm_head.", "embed_out.") if "GPTNeoX" in type(module).__name__ else name


def parts(name, parameter):
    """A parameter by the names that files have: Transformers holds a mixture's experts as two tensors, files mostly have each expert's matrices."""
    if ".mlp.experts." not in name or "lora" in name:
        return {name.replace(".router.weight", ".router.layer.weight").replace(".experts.gate_up_proj", ".input_linear.weight").replace(".experts.down_proj", ".output_linear.weight"): parameter}
    at, which = name.rsplit(".", 1)
    half = parameter.shape[1] // 2
    found = {}
    for e, matrix in enumerate(parameter):
        if which == "down_proj":
            found[f"{at}.{e}.down_proj.weight"] = matrix
        else:
            found[f"{at}.{e}.gate_proj.weight"], found[f"{at}.{e}.up_proj.weight"] = matrix[:half], matrix[half:]
    return found


def in_files(name, module):
    """Mixtral's older names."""
    if "Mixtral" not in type(module).__name__:
        return name
    for new, old in ((".mlp.", ".block_sparse_moe."), ("gate_proj", "w1"), ("down_proj", "w2"), ("up_proj", "w3")):
        name = name.replace(new, old)
    return name


def fill(module, base=""):
    """Norms of Gemma add 1 to their weights themselves."""
    gemma = "Gemma" in type(module).__name__
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if base and "lora" not in name and "score" not in name:
                continue
            short = stored(name, module).removeprefix("base_model.model.").replace(".default", "").replace("modules_to_save.", "")
            for part, tensor in parts(short, parameter).items():
                values = torch.from_numpy(number(in_files(part, module), tensor.numel())).reshape(tensor.shape)
                if "norm" in short or "ln_" in short:
                    values = 0.5 * values + (0 if gemma else 1)
                else:
                    values = values * (0.3 if base else 0.6)
                tensor.copy_(values.to(torch.float32))


def is_mixture(config):
    return hasattr(config, "num_experts_per_tok")


def targets(config):
    """Layers with adapters: attention alone where the MLP is a mixture of experts; of Mamba's what PEFT allows and Transformers applies."""
    if config.model_type in ("mamba", "mamba2"):
        return ["in_proj", "x_proj"] if config.model_type == "mamba" else ["in_proj"]
    return ["q_proj", "k_proj", "v_proj", "o_proj"] if is_mixture(config) else "all-linear"


def model_of(config, reward=False):
    kind = transformers.AutoModelForSequenceClassification if reward else transformers.AutoModelForCausalLM
    if reward:
        config = type(config)(**{**config.to_dict(), "num_labels": 1})
    model = kind.from_config(config, attn_implementation="eager", dtype=torch.float32)
    fill(model)
    return model.eval()
