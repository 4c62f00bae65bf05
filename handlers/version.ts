import config from "../deno.json" with { type: "json" };

export const NAME = "Outboard";
export const VERSION: string = config.version;

/** The protocol that this server speaks: the `1` of `outboard.v1`. */
export const PROTOCOL = 1;
export const SUBPROTOCOL = "outboard.v1";
