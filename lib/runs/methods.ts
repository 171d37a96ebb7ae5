// What the pages call the methods.
import type { Method } from "../../spec/config";

export const methods: Record<Method, { name: string; about: string }> = {
  dpo: {
    name: "DPO",
    about: "Learns from pairs directly: raises the chosen answer over the rejected one (Rafailov et al. 2023).",
  },
  listwise: {
    name: "Listwise DPO",
    about: "Whole rankings of several answers, ties included (Plackett-Luce; Rafailov et al. 2023, appendix A.3).",
  },
  simpo: {
    name: "SimPO",
    about: "Pairs without a reference: mean log-probabilities with a target margin (Meng et al. 2024).",
  },
  kto: {
    name: "KTO",
    about: "Answers that are good or bad by themselves, as pairs give them too (Ethayarajh et al. 2024).",
  },
  orpo: {
    name: "ORPO",
    about: "Imitates chosen answers and lowers the odds of rejected ones at once (Hong et al. 2024).",
  },
  cpo: { name: "CPO", about: "DPO without a reference, with the chosen answers' likelihood (Xu et al. 2024)." },
  ppo: {
    name: "PPO",
    about:
      "Samples answers, scores them with a reward model or a known rule, and learns online (Schulman et al. 2017).",
  },
  grpo: {
    name: "GRPO",
    about:
      "Samples groups of answers and learns from how each compares with its group; DAPO, Dr. GRPO and others as losses (Shao et al. 2024).",
  },
  rloo: {
    name: "RLOO",
    about: "Samples groups of answers and learns from each against the mean of the others (Ahmadian et al. 2024).",
  },
  "iterative-dpo": {
    name: "Iterative DPO",
    about:
      "Samples answers, lets a judge take the best and the worst, learns from the pair, and again (Xiong et al. 2024).",
  },
  reward: { name: "Reward model", about: "Learns to score answers as people ranked them (Bradley-Terry)." },
  sft: { name: "SFT", about: "Imitates the chosen answers (maximum likelihood)." },
};
