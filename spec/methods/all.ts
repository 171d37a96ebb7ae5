// Every training method: the one list of them. Adding a method is adding its value here and its training code to trainers/methods/methods.ts.
import { cpo } from "./cpo";
import { distill } from "./distill";
import { dpo } from "./dpo";
import { grpo } from "./grpo";
import { iterativeDpo } from "./iterative-dpo";
import { kto } from "./kto";
import { listwise } from "./listwise";
import type { ConfigOf, MethodSpec } from "./method";
import { nashMd } from "./nash-md";
import { orpo } from "./orpo";
import { ppo } from "./ppo";
import { prm } from "./prm";
import { raft } from "./raft";
import { reinforcePlusPlus } from "./reinforce-plus-plus";
import { reward } from "./reward";
import { rloo } from "./rloo";
import { sft } from "./sft";
import { simpo } from "./simpo";
import { sppo } from "./sppo";

/** In the order in which the form offers them. */
export const allMethods = [
  dpo,
  listwise,
  simpo,
  kto,
  orpo,
  cpo,
  ppo,
  grpo,
  rloo,
  reinforcePlusPlus,
  iterativeDpo,
  sppo,
  nashMd,
  raft,
  reward,
  prm,
  sft,
  distill,
] as const;

type Known = (typeof allMethods)[number];
export type Method = Known["name"];
/** A run as its file gives it, by its method. */
export type RunConfig = { [Name in Method]: ConfigOf<Extract<Known, { name: Name }>> }[Method];

const byName = new Map<string, MethodSpec<RunConfig>>(allMethods.map((one) => [one.name, one]));

export const isMethod = (name: string): name is Method => byName.has(name);

/** What is known of a method, by its name or of a run. */
export const methodOf = ({ method }: { method: Method }): MethodSpec<RunConfig> => byName.get(method)!;
