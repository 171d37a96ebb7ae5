"use client";

/** Where even the frame of all pages cannot be made, as without a database: no styles, no parts of ours that could fail as well. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body style={{ font: "16px system-ui", margin: "10vh auto", maxWidth: "40em" }}>
        <h1>The workbench failed to load</h1>
        <p>
          The server's log has the cause{error.digest && ` under number ${error.digest}`}. Nothing you saved is lost.
        </p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </body>
    </html>
  );
}
