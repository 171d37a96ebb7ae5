import type { UseFormRegisterReturn } from "react-hook-form";
import { Sentence } from "../../../ui/sentence";
import { rangeWords } from "./advice";
import type { Field } from "./fields";

export interface Option {
  value: string;
  label: string;
}

const box = "w-full rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad";

/** One field of a run: label, control, the sentence under it, and what is wrong with it. */
export function FieldInput({
  field,
  options,
  usual,
  problem,
  register,
}: {
  field: Field;
  options: Option[];
  /** What most take, for the method and the other fields as they are. */
  usual: [number, number] | undefined;
  problem: string | undefined;
  register: UseFormRegisterReturn;
}) {
  const id = `field-${field.path}`;
  const described = { id, "aria-describedby": `${id}-help`, "aria-invalid": problem !== undefined, ...register };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {field.label}
      </label>
      {options.length > 0 ? (
        <select {...described} multiple={field.kind === "list"} className={box}>
          {field.nullable && field.kind !== "list" && <option value="">not set</option>}
          {field.takes === "texts" && <option value="">none</option>}
          {(field.takes === "teacher" || (field.takes === "endpoint" && !field.nullable)) && (
            <option value="">choose one</option>
          )}
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ) : field.kind === "flag" ? (
        <input type="checkbox" {...described} className="accent-(--accent)" />
      ) : (
        <input
          {...described}
          type="text"
          inputMode={["text", "names"].includes(field.kind) ? "text" : "decimal"}
          placeholder={field.nullable ? "not set" : ""}
          className={`numbers ${box}`}
        />
      )}
      <p id={`${id}-help`} className={`mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        <Sentence text={problem ?? [field.help, usual && `usually ${rangeWords(usual)}`].filter(Boolean).join("; ")} />
      </p>
    </div>
  );
}
