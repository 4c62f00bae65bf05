import { NAME, VERSION } from "../version.ts";
import { COMMON_HEADERS } from "./refuse.ts";

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;" +
  "color:#222;background:#fff}code{background:#eee;padding:.1em .3em;border-radius:3px}" +
  "@media(prefers-color-scheme:dark){body{color:#ddd;background:#222}code{background:#333}}";

const CONNECT =
  `<p>From Blender: open the sidebar of the 3D view (<kbd>N</kbd>), tab <b>Tools</b>, panel <b>Outboard</b>, and press
<b>Connect</b>. The extension finds a server on this machine by itself.</p>
<p>From anything that speaks WebSocket: <code>/ws</code> on this address, with the token that stands in the server's
terminal, as <code>Authorization: Bearer TOKEN</code> or <code>?token=TOKEN</code>; then JSON-RPC, for example
<code>{"jsonrpc": "2.0", "id": 1, "method": "operations.list"}</code>.</p>`;

function html(status: number, body: string): Response {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${NAME}</title><style>${STYLE}</style></head>
<body><h1>${NAME}</h1><p>This is an ${NAME} compute server: it runs numeric work for Blender, on worker
threads outside of it.</p>
${body}</body></html>`;
  return new Response(page, {
    status,
    headers: { ...COMMON_HEADERS, "content-type": "text/html; charset=utf-8" },
  });
}

/** What this is and how to connect, for somebody who came with the token. */
export function welcomePage(status: number): Response {
  return html(
    status,
    `<p>Version ${VERSION}.</p>${CONNECT}
<p>For programs: <code>/healthz</code>, <code>/readyz</code>, <code>/operations</code>.</p>`,
  );
}

/** The same for somebody who came without: nothing that the token protects. */
export function strangerPage(status: number): Response {
  return html(status, `${CONNECT}<p>This page says more when it is opened with the token.</p>`);
}
