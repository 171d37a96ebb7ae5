// This machine's own names. Any other Host header is a page elsewhere that had its name resolved to us (DNS rebinding).
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export const isLocalHost = (host: string) => localHost.test(host);
