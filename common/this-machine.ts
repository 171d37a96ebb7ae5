/** Whether a host's name, without a port, is one by which this machine calls itself. */
export const isThisMachine = (name: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(name);
