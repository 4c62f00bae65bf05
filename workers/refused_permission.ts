/** What Deno says when code does what it may not. */
const REFUSED = /^Requires (?<what>\w+) access(?: to "?(?<name>.*?)"?)?, run again with the /;

/** What no flag of the server lets operations do. */
const NEVER: Readonly<Record<string, string>> = {
  write: "write files",
  env: "read environment variables",
  run: "start programs",
  sys: "ask about this computer",
  ffi: "load native libraries",
  import: "import from other hosts",
};

/** The usual ports need no naming. */
function hostOf(address: string): string {
  return address.replace(/:(80|443)$/, "");
}

/**
 * What an author is to do, where Deno's message tells a user to "run again with the --allow-net flag". Undefined for
 * all other messages.
 */
export function explainRefusal(message: string): string | undefined {
  const { what = "", name = "" } = message.match(REFUSED)?.groups ?? {};
  if (what === "net") return declare(what, hostOf(name), `talk to ${hostOf(name)}`);
  if (what === "read") return declare(what, name, `read ${name}`);
  const never = NEVER[what];
  return never && `Operations cannot ${never}, got ${name || "all of them"}`;
}

function declare(what: string, name: string, action: string): string {
  return `Cannot ${action}: declare \`permissions: { ${what}: ["${name}"] }\` in the operation ` +
    `and start the server with --allow-${what}=${name}`;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return explainRefusal(message) ?? message;
}
