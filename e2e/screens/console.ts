import { expect, type Page } from "@playwright/test";

/** Signs in through the lab's sign-in page and lands on the overview. */
export async function signIn(page: Page, user: "admin" | "dev"): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel(/user\s*name/i).fill(user);
  await page.getByLabel(/password/i).fill(user);
  await page.getByRole("button", { name: /sign in|log in/i }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** Goes to a page by the side navigation. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** The row of a list that shows a name. */
export function rowOf(page: Page, name: string) {
  return page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
}
