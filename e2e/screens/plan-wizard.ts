import { expect, type Page } from "@playwright/test";
import { goTo } from "./console.ts";

export type PlanEntry = {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly storage: string;
  readonly namespaces: readonly { readonly source: string; readonly target?: string }[];
  readonly volumes: "direct" | "indirect";
  readonly verify?: readonly string[];
};

const next = async (page: Page) => {
  await page.getByRole("button", { name: "Next", exact: true }).click();
};

async function pickNamespace(page: Page, source: string, target = source): Promise<void> {
  await page.getByRole("textbox", { name: "Search namespaces" }).fill(source);
  const row = page
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell", { name: source, exact: true }) });
  await row.getByRole("checkbox").check();
  if (target !== source) await row.getByRole("textbox").fill(target);
}

/** Walks through the wizard as a person would and leaves a plan that is ready. */
export async function createPlan(page: Page, entry: PlanEntry): Promise<void> {
  await goTo(page, "Migration plans");
  await page.getByRole("button", { name: "Create plan" }).first().click();
  await page.getByRole("combobox", { name: "Source cluster" }).selectOption(entry.source);
  await page.getByRole("combobox", { name: "Target cluster" }).selectOption(entry.target);
  await page.getByRole("combobox", { name: "Replication repository" }).selectOption(entry.storage);
  await page.getByRole("textbox", { name: "Plan name" }).fill(entry.name);
  await next(page);
  for (const { source, target } of entry.namespaces) await pickNamespace(page, source, target);
  await next(page);
  await expect(page.getByRole("grid", { name: "Volumes" })).toBeVisible({ timeout: 60_000 });
  for (const claim of entry.verify ?? [])
    await page.getByRole("checkbox", { name: `Verify the content of ${claim}` }).check();
  await next(page);
  if (entry.volumes === "indirect")
    await page
      .getByRole("radio", { name: /Through the replication repository/ })
      .first()
      .check();
  await next(page);
  await expect(page.getByText(`${entry.name} is ready`)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: entry.name })).toBeVisible();
}
