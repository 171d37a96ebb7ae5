// config.json as Transformers 5.23 reads it back: of these fields of the families here it takes no whole numbers, and 30.0 is 30 in JavaScript.
const floats = [
  ...["initializer_range", "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon"],
  ...["final_logit_softcapping", "attn_logit_softcapping", "router_aux_loss_coef", "router_jitter_noise", "clip_qkv"],
  ...["time_step_scale", "time_step_min", "time_step_max", "time_step_floor"],
];
const whole = new RegExp(`^(\\s*"(?:${floats.join("|")})": -?\\d+)(?=,?$)`, "gm");

export const pythonConfig = (json: Record<string, unknown>): string =>
  JSON.stringify(json, null, 2).replace(whole, "$1.0");
