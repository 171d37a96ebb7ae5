// From a method's name to its training code: the only place in trainers/ that lists the methods.
import type { Method as MethodName, RunConfig } from "../../spec/config";
import type { Tree } from "../engine/jit/compile";
import { cpo } from "./cpo/method";
import { distill } from "./distill/method";
import { dpo } from "./dpo/method";
import { grpo } from "./grpo/method";
import { iterativeDpo } from "./iterative-dpo/method";
import { kto } from "./kto/method";
import { listwise } from "./listwise/method";
import type { Training } from "./method";
import { nashMd } from "./nash-md/method";
import { orpo } from "./orpo/method";
import { ppo } from "./ppo/method";
import { replayedPpo } from "./ppo/replay";
import { prm } from "./prm/method";
import { raft } from "./raft/method";
import { reinforcePlusPlus } from "./reinforce-plus-plus/method";
import { reward } from "./reward/method";
import { rloo } from "./rloo/method";
import { sft } from "./sft/method";
import { simpo } from "./simpo/method";
import { sppo } from "./sppo/method";

const methods = {
  sft,
  reward,
  prm,
  dpo,
  listwise,
  simpo,
  cpo,
  orpo,
  kto,
  ppo,
  rloo,
  "reinforce-plus-plus": reinforcePlusPlus,
  grpo,
  "iterative-dpo": iterativeDpo,
  sppo,
  "nash-md": nashMd,
  raft,
  distill,
} satisfies { [Name in MethodName]: Training<Extract<RunConfig, { method: Name }>, unknown, Tree> };

/** The training code of a run, to be called with that run's config. What its rows and batches contain, only the method knows. */
export function trainingOf(config: RunConfig): Training<RunConfig, unknown, Tree> {
  if (config.method === "ppo" && config.ppo.replay !== null) return replayedPpo(config.ppo.replay);
  return methods[config.method];
}
