export { default } from "../operations/fill.ts";
