// Files in which a run's result lies.

/** An adapter, in PEFT's format or in that of the package adapters. */
export const adapterWeightFiles = ["adapter_model.safetensors", "adapter.safetensors"];
/** That, or every weight where no adapter was trained. */
export const weightFiles = [...adapterWeightFiles, "model.safetensors"];
