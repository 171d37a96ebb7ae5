// Intl's formatters, each made once: that takes longer than all that it formats on a page.
const made = new Map<string, object>();

const once =
  <Args extends unknown[], Made extends object>(Formatter: new (...args: Args) => Made) =>
  (...args: Args): Made => {
    const name = `${Formatter.name} ${JSON.stringify(args)}`;
    const one = (made.get(name) as Made | undefined) ?? new Formatter(...args);
    made.set(name, one);
    return one;
  };

export const getDateTimeFormat = once(Intl.DateTimeFormat);
export const getNumberFormat = once(Intl.NumberFormat);
export const getPluralRules = once(Intl.PluralRules);
