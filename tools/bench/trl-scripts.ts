// `npm run trl-scripts`: runs with shuffled rows, accumulation, warm-up, weight decay and held-out rows, trained by the workbench's own engine and by the
// engine `trl`. The losses of all steps, and those of held-out rows, have to agree within 1e-5; so has a run of TRL that was stopped and resumed with one
// that was not. Installs TRL on first use, as `npm run bench` does.
import { compare, stoppedAndResumed, trained } from "./trl-runs";

for (const method of ["dpo", "sft", "kto", "reward"])
  compare(`${method}, both engines`, await trained(method, "workbench"), await trained(method, "trl"));
const longer = { maxSteps: 96 };
compare("dpo by TRL, whole and resumed", await trained("dpo", "trl", longer), await stoppedAndResumed("dpo", longer));
