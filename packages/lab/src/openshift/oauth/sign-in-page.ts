import { createHash } from "node:crypto";
import type { Account } from "../account.ts";

const style = `
:root { color-scheme: light dark; --page: #f2f2f2; --card: #fff; --text: #151515; --soft: #4d4d4d;
  --line: #c7c7c7; --field: #fff; --accent: #06c; --accent-strong: #004d99; --on-accent: #fff;
  --danger: #a60000; --danger-soft: #fbeaea; }
@media (prefers-color-scheme: dark) { :root { --page: #151515; --card: #1f1f1f; --text: #f5f5f5; --soft: #c7c7c7;
  --line: #4d4d4d; --field: #292929; --accent: #92c5f9; --accent-strong: #b9dafc; --on-accent: #151515;
  --danger: #f9a8a8; --danger-soft: #3b1f1f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--page);
  color: var(--text); font: 16px/1.5 "Red Hat Text", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { width: 100%; max-width: 432px; padding: 40px; background: var(--card); border-radius: 16px;
  border: 1px solid var(--line); }
.brand { margin: 0 0 24px; font-size: 14px; font-weight: 600; letter-spacing: .02em; color: var(--soft); }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.3; font-weight: 500; }
p { margin: 0; } .soft { color: var(--soft); font-size: 14px; }
form { margin: 24px 0 0; } label { display: block; margin: 16px 0 4px; font-size: 14px; font-weight: 600; }
input { width: 100%; padding: 9px 12px; font: inherit; color: inherit; background: var(--field);
  border: 1px solid var(--line); border-radius: 6px; }
input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button { width: 100%; margin-top: 24px; padding: 10px 16px; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: 999px; cursor: pointer; }
button:hover { background: var(--accent-strong); }
.alert { margin: 20px 0 0; padding: 12px 16px; font-size: 14px; color: var(--danger); background: var(--danger-soft);
  border: 1px solid currentColor; border-radius: 6px; }
table { width: 100%; margin-top: 8px; border-collapse: collapse; font-size: 14px; }
caption { text-align: left; padding-bottom: 4px; color: var(--soft); }
th, td { padding: 8px 0; text-align: left; border-top: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } code { font: 13px/1.5 "Red Hat Mono", ui-monospace, Menlo, Consolas, monospace; }
hr { margin: 28px 0 20px; border: 0; border-top: 1px solid var(--line); }
@media (max-width: 480px) { main { padding: 28px 20px; } }
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** The policy of a page whose form may lead to `redirectOrigin` and nowhere else. Browsers apply it to the redirect too. */
export function pagePolicy(redirectOrigin?: string): string {
  const formTargets = redirectOrigin === undefined ? "'self'" : `'self' ${redirectOrigin}`;
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action ${formTargets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="brand">Drover lab</p>
${content}
</main>
</body>
</html>
`;
}

export type SignInPage = {
  /** Path and query the form is sent to. */
  readonly action: string;
  readonly csrfToken: string;
  /** Where the person goes after signing in, for the text. */
  readonly clientName: string;
  readonly accounts: readonly Account[];
  readonly username?: string;
  readonly error?: string;
};

/** The sign-in form. It names the lab's accounts, as the lab holds nothing worth hiding and listens on loopback only. */
export function signInPage(input: SignInPage): string {
  const rows = input.accounts.map(
    ({ username, password, fullName }) =>
      `<tr><td><code>${escapeHtml(username)}</code></td><td><code>${escapeHtml(password)}</code></td>` +
      `<td>${escapeHtml(fullName ?? "")}</td></tr>`,
  );
  const username = escapeHtml(input.username ?? "");
  const focusPassword = username !== "" && input.error !== undefined;
  const alert =
    input.error === undefined
      ? ""
      : `<p class="alert" id="error" role="alert">${escapeHtml(input.error)}</p>`;
  const describedBy =
    input.error === undefined ? "" : ' aria-describedby="error" aria-invalid="true"';
  return page(
    "Sign in - Drover lab",
    `<h1>Sign in</h1>
<p class="soft">to continue to ${escapeHtml(input.clientName)}</p>
${alert}
<form method="post" action="${escapeHtml(input.action)}">
<input type="hidden" name="csrf" value="${escapeHtml(input.csrfToken)}">
<label for="username">Username</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none"
  spellcheck="false" required${focusPassword ? "" : " autofocus"}${describedBy}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${
      focusPassword ? " autofocus" : ""
    }${describedBy}>
<button type="submit">Sign in</button>
</form>
<hr>
<table>
<caption>Accounts of this lab</caption>
<thead><tr><th scope="col">Username</th><th scope="col">Password</th><th scope="col">Who</th></tr></thead>
<tbody>${rows.join("")}</tbody>
</table>`,
  );
}

/** What a person sees when the application that sent them here did it wrongly; there is nowhere safe to send them back. */
export function refusalPage(message: string): string {
  return page(
    "Cannot sign in - Drover lab",
    `<h1>Cannot sign in</h1>
<p class="alert" role="alert">${escapeHtml(message)}</p>`,
  );
}
