/** Values by key, in the order in which keys first come (Map.groupBy, which Node 20 has not). */
export function groupBy<Key, Value>(values: Value[], key: (value: Value) => Key): Map<Key, Value[]> {
  const found = new Map<Key, Value[]>();
  for (const value of values) {
    const group = found.get(key(value));
    if (group) group.push(value);
    else found.set(key(value), [value]);
  }
  return found;
}
