import NextLink, { type LinkProps } from "next/link";

/**
 * next/link without prefetching: every page reads the database and has no fixed part, so that each link in view would have the server render
 * a page for nothing, and the page that somebody does open would wait behind them.
 */
export const Link = <Address,>(props: LinkProps<Address>) => <NextLink prefetch={false} {...props} />;
