// Which weights decay: all but norms and biases, as in Transformers' trainer and so in TRL's (`get_decay_parameter_names`), whose patterns these are.

/** `ln_` are PyTorch's LayerNorms of GPT-2 and BLOOM, which Transformers knows by their type. */
const spared = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)|(?:^|\.)ln_/;

export const decays = (name: string): boolean => !spared.test(name.toLowerCase());
