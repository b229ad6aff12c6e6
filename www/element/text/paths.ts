/**
 * The path to a part of a value, written the way a JavaScript program would.
 */

/** A step: a member's name, or an element's position. */
export type PathKey = string | number;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** For example `cart.items[0].price`, and `["a.b"]` where a name is no identifier. */
export function formatPath(keys: readonly PathKey[]): string {
  let path = "";
  for (const key of keys) {
    if (typeof key === "number") path += `[${String(key)}]`;
    else if (IDENTIFIER.test(key)) path += path === "" ? key : `.${key}`;
    else path += `[${JSON.stringify(key)}]`;
  }
  return path;
}
