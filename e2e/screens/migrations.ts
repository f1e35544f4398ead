import { expect, type Page } from "@playwright/test";

export type Run = "Stage" | "Cutover" | "Roll back";

const confirm: Readonly<Record<Run, string>> = {
  Stage: "Stage",
  Cutover: "Cut over",
  "Roll back": "Roll back",
};

/** Starts a run of a plan from its page and stays on the run's page. Returns the run's name. */
export async function startRun(page: Page, plan: string, run: Run): Promise<string> {
  await page.goto(`/plans/${plan}`);
  await page.getByRole("button", { name: `Actions for ${plan}` }).click();
  await page.getByRole("menuitem", { name: run, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: confirm[run], exact: true }).click();
  await page.waitForURL(/\/migrations\//);
  return page.url().split("/").at(-1) ?? "";
}

/** Waits until the run on the page has ended well. */
export async function expectSuccess(page: Page, timeoutMs = 180_000): Promise<void> {
  const ended = page.getByText(/^(Succeeded|Succeeded with warnings|Failed|Canceled)$/).first();
  await expect(ended).toBeVisible({ timeout: timeoutMs });
  await expect(ended).toHaveText("Succeeded");
}

/** Starts a run and waits until it has succeeded. */
export async function runToSuccess(page: Page, plan: string, run: Run): Promise<string> {
  const name = await startRun(page, plan, run);
  await expectSuccess(page);
  return name;
}
