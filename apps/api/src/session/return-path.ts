/**
 * Where to go after sign-in: a path on this origin and nothing else. Browsers read `//host` and `/\host` as other sites,
 * and drop tabs and line breaks before they look.
 */
export function returnPathFrom(value: string | undefined): string {
  if (value === undefined || value.length > 2048) return "/";
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(value) || value.includes("\\")) return "/";
  const resolved = new URL(value, "http://origin.invalid");
  if (resolved.origin !== "http://origin.invalid" || resolved.pathname.startsWith("//")) return "/";
  return `${resolved.pathname}${resolved.search}${resolved.hash}`;
}
