// `npm run trl-scripts`: runs with shuffled rows, accumulation, warm-up, weight decay and held-out rows, trained by the workbench's own engine and by the
// engine `trl`. The losses of all steps, and those of held-out rows, have to agree within 1e-5; so has a run of TRL that was stopped and resumed with one
// that was not. GRPO is given the completions that our engine has sampled. Writes tools/bench/results/trl-scripts.json. Installs TRL on first use, as `npm run bench` does.
import { compare, keep, stoppedAndResumed, trained } from "./trl-runs";
import { ofOnePass, onTheSameCompletions, sampled } from "./trl-sampled";

for (const method of ["dpo", "sft", "kto", "reward"])
  compare(`${method}, both engines`, await trained(method, "workbench"), await trained(method, "trl"));
compare("grpo, both engines", ...(await onTheSameCompletions({})));
const onePass = { prompts: 1, numGenerations: 8, lossType: "grpo", epsilon: 0.01 }; // within reach of a few steps
compare("grpo in one forward pass, both engines", ...(await onTheSameCompletions(onePass, ofOnePass)));
const longer = { maxSteps: 96 };
compare(
  "grpo by TRL, whole and resumed",
  await trained("grpo", "trl", sampled),
  await stoppedAndResumed("grpo", sampled),
);
compare("dpo by TRL, whole and resumed", await trained("dpo", "trl", longer), await stoppedAndResumed("dpo", longer));
keep("trl-scripts");
