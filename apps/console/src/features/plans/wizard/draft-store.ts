"use client";

import { useReducer, type Dispatch } from "react";
import { changeDraft, emptyDraft, type DraftChange, type PlanDraft } from "./wizard-state.ts";

const KEY = "drover.plan-draft";

// A draft is this tab's own: another tab may be making another plan.
function readDraft(): PlanDraft {
  const stored = sessionStorage.getItem(KEY);
  return stored === null
    ? emptyDraft
    : { ...emptyDraft, ...(JSON.parse(stored) as Partial<PlanDraft>) };
}

/** The draft, kept when the person leaves the wizard and comes back. */
export function usePlanDraft(): [PlanDraft, Dispatch<DraftChange>] {
  return useReducer(
    (draft: PlanDraft, change: DraftChange) => {
      const changed = changeDraft(draft, change);
      sessionStorage.setItem(KEY, JSON.stringify(changed));
      return changed;
    },
    undefined,
    readDraft,
  );
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEY);
}
