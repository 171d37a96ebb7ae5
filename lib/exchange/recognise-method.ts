// Which method logged such metrics: the names of TRL 1.16's trainers, of Transformers' and our own.
import { allMethods, type Method } from "../../spec/methods/all";

/** Every method that may have logged metrics of these names: several where nothing tells them apart, all where nothing tells anything. */
export function candidates(names: ReadonlySet<string>): Method[] {
  const possible = allMethods.filter((method) => method.mayHaveLogged(names));
  return (possible.length > 0 ? possible : allMethods).map(({ name }) => name);
}
