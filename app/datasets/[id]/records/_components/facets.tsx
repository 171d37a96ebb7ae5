import {
  type FacetName,
  type RecordFilter,
  type RecordPage,
  rangeNames,
} from "@/lib/annotation/records/records-schema";
import { saidWords, statusWords } from "../../_components/record-words";
import { FacetBox } from "./facet-box";
import { RangeFacetField } from "./range-facet";

interface Props {
  filter: RecordFilter;
  facets: NonNullable<RecordPage["facets"]>;
  ranges: NonNullable<RecordPage["ranges"]>;
  /** A change that is about to be made: its records may be asked for. */
  onExpect: (change: Partial<RecordFilter>) => void;
  onChange: (change: Partial<RecordFilter>) => void;
}

const titles: Record<FacetName, string> = {
  status: "Status",
  annotator: "Annotator",
  said: "Annotation",
  tag: "Tag",
  source: "Source",
  model: "Model",
};
const wordsOf: Partial<Record<FacetName, Record<string, string>>> = { status: statusWords, said: saidWords };

/** Choices of each kind with the number of records that each would leave. */
export function Facets({ filter, facets, ranges, onExpect, onChange }: Props) {
  const chosen = (name: FacetName) => new Set(filter[name].map(String));
  const toggled = (name: FacetName, value: string): Partial<RecordFilter> => {
    const own = chosen(name);
    if (!own.delete(value)) own.add(value);
    const values = [...own];
    return { [name]: name === "annotator" ? values.map(Number) : values };
  };
  return (
    <div className="grid content-start gap-4">
      {(Object.keys(titles) as FacetName[])
        .filter((name) => (facets[name]?.length ?? 0) > 0)
        .map((name) => (
          <fieldset key={name}>
            <legend className="mb-1 font-medium text-xs">{titles[name]}</legend>
            {facets[name].map(({ value, label, count }) => (
              <FacetBox
                key={value}
                label={wordsOf[name]?.[value] ?? label}
                count={count}
                checked={chosen(name).has(value)}
                onPress={() => onExpect(toggled(name, value))}
                onToggle={() => onChange(toggled(name, value))}
              />
            ))}
          </fieldset>
        ))}
      {rangeNames.map((name) => (
        <RangeFacetField
          key={`${name}/${filter[name]}`}
          name={name}
          chosen={filter[name]}
          buckets={ranges[name]}
          onExpect={(range) => onExpect({ [name]: range })}
          onChange={(range) => onChange({ [name]: range })}
        />
      ))}
      <label className="flex items-start gap-2 border-t pt-3">
        <input
          type="checkbox"
          className="mt-1"
          checked={filter.reveal}
          onChange={() => onChange({ reveal: !filter.reveal, source: [], model: [] })}
        />
        <span>
          Show models and gold
          <span className="block text-soft text-xs">Leave it off while you still annotate this dataset.</span>
        </span>
      </label>
    </div>
  );
}
