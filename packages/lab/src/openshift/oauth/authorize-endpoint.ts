import { OAuthClient } from "@drover/crds";
import { parseAuthorize, redirectWith, type AuthorizeRequest } from "./authorize-request.ts";
import { readForm, redirect, sendHtml, type Exchange, type OAuthScope } from "./exchange.ts";
import { pagePolicy, refusalPage, signInPage } from "./sign-in-page.ts";
import { findAccount } from "./users.ts";

type Attempt = { readonly status: number; readonly username?: string; readonly error?: string };

function showForm(
  scope: OAuthScope,
  exchange: Exchange,
  { request, attempt }: { request: AuthorizeRequest; attempt: Attempt },
): void {
  const { setCookie, token } = scope.csrf.issue(exchange.request);
  const { status, ...shown } = attempt;
  sendHtml(exchange, {
    status,
    setCookie,
    contentSecurityPolicy: pagePolicy(new URL(request.redirectUri).origin),
    html: signInPage({
      action: exchange.url.pathname + exchange.url.search,
      csrfToken: token,
      clientName: request.clientName,
      accounts: scope.accounts,
      ...shown,
    }),
  });
}

async function signIn(
  scope: OAuthScope,
  exchange: Exchange,
  request: AuthorizeRequest,
): Promise<void> {
  const form = await readForm(exchange.request);
  const username = form.get("username") ?? "";
  if (!scope.csrf.accepts(exchange.request, form.get("csrf") ?? "")) {
    const error = "This page was too old to be used safely. Sign in again.";
    showForm(scope, exchange, { request, attempt: { status: 403, username, error } });
    return;
  }
  const account = findAccount(scope.accounts, username, form.get("password") ?? "");
  if (account === undefined) {
    const error = "The username or the password is wrong. The lab's accounts are listed below.";
    showForm(scope, exchange, { request, attempt: { status: 401, username, error } });
    return;
  }
  const { clientName, redirectUri, codeChallenge, state } = request;
  const code = scope.codes.issue({
    username: account.username,
    clientName,
    redirectUri,
    codeChallenge,
    scope: request.scope,
  });
  redirect(exchange, redirectWith(redirectUri, { code, state }));
}

/** `/oauth/authorize`: GET shows the sign-in form, POST signs in and sends the browser back with a code. */
export async function authorizeEndpoint(scope: OAuthScope, exchange: Exchange): Promise<void> {
  const query = exchange.url.searchParams;
  const name = query.get("client_id") ?? "";
  const client = /^[a-z0-9.-]{1,253}$/.test(name)
    ? await scope.cluster.find(OAuthClient, { name })
    : undefined;
  const parsed = parseAuthorize(query, client);
  if ("refusal" in parsed) {
    const { message, redirectTo } = parsed.refusal;
    if (redirectTo !== undefined) redirect(exchange, redirectTo);
    else {
      const html = refusalPage(message);
      sendHtml(exchange, { status: 400, html, contentSecurityPolicy: pagePolicy() });
    }
    return;
  }
  const { request } = parsed;
  if (exchange.request.method === "POST") await signIn(scope, exchange, request);
  else showForm(scope, exchange, { request, attempt: { status: 200 } });
}
