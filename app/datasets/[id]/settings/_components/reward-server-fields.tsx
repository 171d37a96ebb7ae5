import type { RewardServerInput } from "@/lib/generation/scoring-schema";
import { ModelSetting } from "../../../../ui/model-input";
import { Typed } from "../../../../ui/setting";

/** As they are typed. */
export type ServerTexts = Record<keyof RewardServerInput, string>;

interface Props {
  texts: ServerTexts;
  problems: Partial<Record<string, string>>;
  disabled: boolean;
  set: (change: Partial<ServerTexts>) => void;
}

/** A server that scores by OpenRLHF's protocol. */
export function RewardServerFields({ texts, problems, disabled, set }: Props) {
  return (
    <fieldset disabled={disabled} className="mt-4 grid gap-4 sm:grid-cols-2">
      <Typed
        label="Address"
        about="A program that answers as OpenRLHF's serve_rm does, such as workbench serve-reward: http://127.0.0.1:5000/get_reward."
        value={texts.address}
        problem={problems.address}
        onChange={(address) => set({ address })}
      />
      <ModelSetting
        label="Chat template of"
        value={texts.model}
        problem={problems.model}
        help="The model in whose chat template the server reads prompts and responses."
        onChange={(model) => set({ model })}
      />
      <Typed
        label="Variable of the key"
        about="The environment variable that holds the key, sent as a bearer token. Empty where none is asked for. In a team an owner names it."
        value={texts.keyVariable}
        problem={problems.keyVariable}
        onChange={(keyVariable) => set({ keyVariable })}
      />
    </fieldset>
  );
}
