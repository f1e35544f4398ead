const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * The answer to the callback. That request came from another site, so the browser withholds the Strict session cookie
 * from whatever it is redirected to; a page of our own that moves on is the same-site step that sends it.
 */
export function hopPage(path: string): string {
  const target = path.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signed in</title><meta http-equiv="refresh" content="0;url=${target}"></head><body><p><a href="${target}">Continue</a></p></body></html>`;
}
